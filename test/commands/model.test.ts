import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { run, scratchFolder } from "../support/program";
import { GOLDENS } from "../systems/forecasting/goldens";
import { startHub } from "../systems/forecasting/library/localHub";

setDefaultTimeout(60_000);

const folder = scratchFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const model = (args: string[], env: Record<string, string> = {}) =>
  run(["model", ...args, "--data-dir", folder], { env });

test("a model is imported, listed, shown, verified and removed", async () => {
  const imported = await model(["import", join(GOLDENS, "timesfm/tiny-2.0"), "--as", "google/tiny"]);
  expect(imported).toMatchObject({ code: 0, out: "Kept google/tiny: TimesFM 2.0, 0.2 M parameters, 1 MiB.\n" });
  expect((await model(["list"])).out).toMatch(/^id .*\ngoogle\/tiny +TimesFM 2\.0 +0\.2 M +1 MiB +not stated\n$/);
  expect((await model(["show", "google/tiny"])).out).toMatch(
    /^model\.safetensors +938864 bytes, sha256 [0-9a-f]{64}$/m,
  );
  expect(await model(["verify", "google/tiny"])).toMatchObject({ code: 0, out: "google/tiny is as it was kept.\n" });
  truncateSync(join(folder, "models/google--tiny/model.safetensors"), 10);
  const damaged = await model(["verify", "google/tiny"]);
  expect(damaged).toMatchObject({ code: 1, out: "model.safetensors: expected 938864 bytes, got 10 bytes\n" });
  expect((await model(["remove", "google/tiny"])).code).toBe(0);
  expect((await model(["list"])).out).toContain("model pull OWNER/NAME");
});

test("a model is pulled from the hub that HF_ENDPOINT names, and HF_TOKEN is shown nowhere", async () => {
  const hub = await startHub();
  const pulled = await model(["pull", "acme/forecaster"], { HF_ENDPOINT: hub.endpoint, HF_TOKEN: "hf_secret" });
  await hub.stop();
  expect(pulled).toMatchObject({ code: 0, out: "Kept acme/forecaster: TimesFM 2.5, 0.3 M parameters, 2 MiB.\n" });
  expect(hub.requests.some(({ token }) => token === "Bearer hf_secret")).toBe(true);
  expect(pulled.out + pulled.err).not.toContain("hf_secret");
});

test.each([
  [["import", "/nowhere"], "holds no weights"],
  [["show", "nothing"], "There is no model nothing here"],
  [["pull", "a/b/c"], "no model id"],
  [["remove", "../x"], "no model id"],
])("%p is one clear sentence and exit code 2", async (args, told) => {
  const { code, out, err } = await model(args);
  expect([code, out, err.trim().split("\n").length]).toEqual([2, "", 1]);
  expect(err).toContain(told);
});
