import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { run, type Served, scratchFolder } from "../../../support/program";
import { GOLDENS } from "../goldens";
import { post, serveModels } from "./support";

setDefaultTimeout(60_000);

let served: Served;
beforeAll(async () => {
  served = await serveModels(["tiny20"]);
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  await rm(served.dataDir, { recursive: true });
});

const monthly = Array.from({ length: 48 }, (_, t) => 100 + t + 20 * Math.sin((t * Math.PI) / 6) + ((t * 7) % 5));

describe("the examples of the documentation", () => {
  const page = readFileSync(join(import.meta.dir, "../../../../docs/forecasting.md"), "utf8");
  const examples = [...page.matchAll(/curl -s http:\/\/127\.0\.0\.1:8080(\S+) .*? -d '(\{[^']*\})'/gs)];

  test.each(examples.map(([, path, body]) => [path!, body!] as const))("%s are answered", async (path, body) => {
    const { status, body: answer } = await post(served, path, JSON.parse(body));
    expect([status, answer.detail]).toEqual([200, undefined]);
  });

  test("are there for each route", () => {
    expect(examples.map(([, path]) => path).sort()).toEqual([
      "/api/v1/anomalies",
      "/api/v1/backtest",
      "/api/v1/forecast",
    ]);
  });
});

describe("the command line", () => {
  test("answers a request of a file byte for byte as the service does, by models with weights too", async () => {
    const folder = scratchFolder();
    for (const model of ["theta", "tiny20"]) {
      const body = { model, series: [{ id: "a", values: monthly, start: "2020-01-01", freq: "MS" }], horizon: 5 };
      const path = join(folder, "request.json");
      await Bun.write(path, JSON.stringify(body));
      const { out, err, code } = await run(["forecast", "--request", path, "--data-dir", served.dataDir]);
      expect([code, err]).toEqual([0, ""]);
      expect(JSON.parse(out)).toEqual((await post(served, "/api/v1/forecast", body)).body);
    }
    const folderOfModel = join(GOLDENS, "timesfm/tiny-2.0");
    const told = await run(["forecast", "--request", join(folder, "request.json"), "--model", folderOfModel]);
    expect(JSON.parse(told.out)).toMatchObject({ model: "tiny-2.0", stamp: { digest: expect.any(String) } });
    const refused = await run(["forecast", "--request", join(folder, "request.json"), "--model", "nobody/none"]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("model pull nobody/none")]);
    await rm(folder, { recursive: true });
  });
});
