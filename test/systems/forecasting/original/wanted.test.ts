import { expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { serve } from "../../../support/program";
import { until } from "../../../support/until";
import { callModel, serveRecorded } from "./serveRecorded";

setDefaultTimeout(60_000);

test("a model that was ready is ready again after a kill, as it was asked for, until it is shut down", async () => {
  const first = await serveRecorded();
  const { dataDir } = first;
  const asked = { context_len: 96, horizon_len: 7 };
  expect((await callModel(first.url, "initialization", asked)).status).toBe(200);
  await first.stop("SIGKILL");

  const second = await serve(["--only", "forecasting"], { dataDir });
  const statusOf = async () => (await callModel(second.url, "status")).body["model_status"];
  await until(async () => (await statusOf()) === "ready", "the model");
  const { body } = await callModel<{ model_info: object }>(second.url, "initialization", { context_len: 32 });
  expect(body.model_info).toMatchObject(asked);
  expect((await callModel(second.url, "shutdown")).body).toEqual({ message: "Model shut down successfully" });
  expect(await second.stop()).toBe(0);

  const third = await serve(["--only", "forecasting"], { dataDir });
  expect((await callModel(third.url, "status")).body).toEqual({ model_status: "uninitialized", details: null });
  expect(await third.stop()).toBe(0);
  await rm(dataDir, { recursive: true });
});
