import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { importModel, KNOWN_API_KEY, modelsDirOf } from "../../../../src/systems/forecasting";
import { type Served, scratchFolder, serve } from "../../../support/program";
import { GOLDENS } from "../goldens";

setDefaultTimeout(60_000);

let served: Served;
beforeAll(async () => {
  const dataDir = scratchFolder();
  const [modelsDir, now] = [modelsDirOf(dataDir), "2026-01-01T00:00:00Z"];
  await importModel({ modelsDir, from: join(GOLDENS, "timesfm/tiny-2.0"), id: "google/timesfm-2.0-500m-pytorch", now });
  await importModel({ modelsDir, from: join(GOLDENS, "chronos-bolt"), id: "someone/bolt", now });
  served = await serve(["--only", "forecasting"], { dataDir });
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  await rm(served.dataDir, { recursive: true });
});

const json = async (path: string) => (await fetch(served.url + path)).json();

test("/models tells built-in and imported models, by the parts of their paths, with licence, size and limits", async () => {
  const { models, count } = await json("/models");
  expect(count).toBe(Object.keys(models).length);
  expect(Object.keys(models)).toEqual(expect.arrayContaining(["ensemble", "auto_ets", "timesfm20", "someone--bolt"]));
  expect(models.timesfm20).toMatchObject({
    name: "TimesFM 2.0",
    id: "google/timesfm-2.0-500m-pytorch",
    default_port: 8001,
    status: "active",
    licence: null,
  });
  expect(models.timesfm20.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(models.timesfm20.sizeBytes).toBeGreaterThan(900_000);
  expect(models.ensemble).toMatchObject({ maxContext: null, levels: null, source: "built in" });
});

test("/info names what can be used, and no weights are in memory for that", async () => {
  expect((await json("/info")).available_models).toEqual(expect.arrayContaining(["timesfm20", "theta"]));
  expect((await json("/health")).systems.forecasting).toMatchObject({ ready: true, loaded: [] });
  expect(await json("/")).toMatchObject({ docs: "/docs", systems: { forecasting: { version: "2.0.0" } } });
});

test("auto chooses among built-in models and those with weights, and says why", async () => {
  const values = Array.from({ length: 64 }, (_, index) => 10 + Math.sin(index) + index / 8);
  const answer = await fetch(`${served.url}/api/v1/forecast`, {
    method: "POST",
    headers: { authorization: `Bearer ${KNOWN_API_KEY}` },
    body: JSON.stringify({ model: "auto", series: [{ values }], horizon: 4, quantiles: [0.1, 0.9] }),
  });
  const { forecasts } = (await answer.json()) as { forecasts: { point: number[]; chosen: { reason: string } }[] };
  expect(forecasts[0]!.point).toHaveLength(4);
  expect(forecasts[0]!.chosen.reason).toContain("of 7 models over 2 windows of 4 points");
});
