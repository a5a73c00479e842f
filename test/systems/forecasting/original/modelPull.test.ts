import { expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { serve } from "../../../support/program";
import { until } from "../../../support/until";
import { startHub } from "../library/localHub";
import { callModel } from "./serveRecorded";

setDefaultTimeout(60_000);

const MODEL = "acme--forecaster";

test("with MODEL_PULL an initialization gets the weights, and the state tells it; what the hub refuses is an error", async () => {
  const hub = await startHub();
  const served = await serve(["--only", "forecasting"], { env: { MODEL_PULL: "true", HF_ENDPOINT: hub.endpoint } });
  const statusOf = async (model: string) => (await callModel(served.url, "status", undefined, model)).body;
  const begun = await callModel(served.url, "initialization", {}, MODEL);
  expect(begun).toMatchObject({ status: 200, body: { model_status: "initializing", model_info: null } });
  await until(async () => (await statusOf(MODEL))["model_status"] === "ready", "the model");
  expect((await statusOf(MODEL))["details"]).toBe("Source: hf:acme/forecaster");

  await callModel(served.url, "initialization", {}, "nobody--nothing");
  await until(async () => (await statusOf("nobody--nothing"))["model_status"] === "error", "the failure");
  expect((await statusOf("nobody--nothing"))["details"]).toContain("nobody/nothing could not be pulled");
  expect(await served.stop()).toBe(0);
  await hub.stop();
  await rm(served.dataDir, { recursive: true });
});
