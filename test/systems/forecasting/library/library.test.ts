import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openModelFolder } from "../../../../src/systems/forecasting/inference/modelFolder";
import { importModel } from "../../../../src/systems/forecasting/library/importModel";
import { findModel, listModels, removeModel, verifyModel } from "../../../../src/systems/forecasting/library/library";
import { asksForAcceptance, licenceIn } from "../../../../src/systems/forecasting/library/licence";
import { modelFolder, parseModelId } from "../../../../src/systems/forecasting/library/modelId";
import { GOLDENS } from "../goldens";

let folder: string;
let modelsDir: string;
const now = "2026-01-01T00:00:00.000Z";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "library-"));
  modelsDir = join(folder, "models");
});

afterEach(() => rmSync(folder, { recursive: true }));

function importGolden(name: string, id?: string) {
  return importModel({ modelsDir, from: join(GOLDENS, name), id, now });
}

describe("ids", () => {
  test.each(["timesfm", "google/timesfm-2.0-500m-pytorch", "a.b_c-d/1"])("%s is one", (id) => {
    expect(parseModelId(id)).toBe(id);
  });

  test.each([
    "",
    "a/b/c",
    "../x",
    "a/..",
    "/a",
    "a/",
    ".hidden",
    "-flag",
    "a--b",
    "a b",
    "ä",
    "x".repeat(97),
    "a\0b",
    "a\\b",
  ])("%j is none", (id) => {
    expect(() => parseModelId(id)).toThrow(/is no model id/);
  });

  test("a slash becomes two dashes on the disk", () => {
    expect(modelFolder("/data/models", "google/timesfm")).toBe("/data/models/google--timesfm");
  });
});

test("an imported model is listed, found, sound, forecastable, and gone when it is removed", async () => {
  const manifest = await importGolden("timesfm/tiny-2.0", "google/timesfm-2.0-500m-pytorch");
  expect(manifest).toMatchObject({
    family: "timesfm-2.0",
    weights: "model.safetensors",
    source: "imported",
    addedAt: now,
  });
  await importGolden("chronos-bolt");
  expect((await listModels(modelsDir)).map(({ id }) => id)).toEqual([
    "chronos-bolt",
    "google/timesfm-2.0-500m-pytorch",
  ]);
  expect(findModel(modelsDir, "chronos-bolt").family).toBe("chronos-bolt");
  expect(await verifyModel(modelsDir, "google/timesfm-2.0-500m-pytorch")).toEqual([]);
  const opened = openModelFolder(modelFolder(modelsDir, "google/timesfm-2.0-500m-pytorch"), manifest.weights);
  expect(opened.network.graph().byteLength).toBeGreaterThan(1000);
  await removeModel(modelsDir, "chronos-bolt");
  expect(readdirSync(modelsDir)).toEqual(["google--timesfm-2.0-500m-pytorch"]);
  expect(() => findModel(modelsDir, "chronos-bolt")).toThrow(/no model chronos-bolt here.*model pull/);
});

test("verify names each file that is not as it was kept", async () => {
  const { weights } = await importGolden("timesfm/tiny-2.5");
  const path = join(modelsDir, "tiny-2.5", weights);
  truncateSync(path, 100);
  rmSync(join(modelsDir, "tiny-2.5/config.json"));
  expect(await verifyModel(modelsDir, "tiny-2.5")).toMatchObject([
    { file: weights, got: "100 bytes" },
    { file: "config.json", got: "no file" },
  ]);
});

test("a byte that changed is found by the digest", async () => {
  const { weights, files } = await importGolden("timesfm/tiny-2.5");
  const path = join(modelsDir, "tiny-2.5", weights);
  truncateSync(path, files[0]!.sizeBytes - 1);
  appendFileSync(path, "x");
  expect(await verifyModel(modelsDir, "tiny-2.5")).toMatchObject([
    { file: weights, expected: `sha256 ${files[0]!.sha256}` },
  ]);
});

test("what is no model, or damaged, is not imported, and nothing of it stays", async () => {
  const from = join(folder, "source");
  mkdirSync(from);
  await expect(importModel({ modelsDir, from, now })).rejects.toThrow(/holds no weights; expected one of/);
  cpSync(join(GOLDENS, "ckpt/evil_refuse.ckpt"), join(from, "torch_model.ckpt"));
  await expect(importModel({ modelsDir, from, now })).rejects.toThrow(/nothing in it was run/);
  rmSync(join(from, "torch_model.ckpt"));
  cpSync(join(GOLDENS, "chronos-bolt/model.safetensors"), join(from, "model.safetensors"));
  await expect(importModel({ modelsDir, from, now })).rejects.toThrow(/no model that is understood here \(TimesFM/);
  writeFileSync(join(from, "config.json"), "{");
  await expect(importModel({ modelsDir, from, now })).rejects.toThrow(/not a configuration/);
  expect(await listModels(modelsDir)).toEqual([]);
});

test("an id that is taken is refused", async () => {
  await importGolden("chronos-bolt");
  await expect(importGolden("chronos-bolt")).rejects.toThrow(/is there already/);
});

test("the licence is read from the head of the model card", () => {
  writeFileSync(join(folder, "README.md"), "---\ntags:\n- x\nlicense: cc-by-nc-4.0\n---\nlicense: mit\n");
  expect(licenceIn(folder)).toBe("cc-by-nc-4.0");
  writeFileSync(join(folder, "README.md"), "license: mit\n");
  expect(licenceIn(folder)).toBeNull();
});

test.each([
  ["apache-2.0", false],
  ["mit", false],
  ["cc-by-4.0", false],
  ["cc-by-nc-4.0", true],
  ["cc-by-nc-sa-4.0", true],
  ["other", true],
  ["some-noncommercial-license", true],
  [null, false],
])("licence %s asks: %p", (licence, asks) => {
  expect(asksForAcceptance(licence)).toBe(asks);
});
