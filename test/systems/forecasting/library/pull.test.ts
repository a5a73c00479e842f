import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../../../src/platform/clock";
import { listModels, verifyModel } from "../../../../src/systems/forecasting/library/library";
import { type PullOptions, pullModel } from "../../../../src/systems/forecasting/library/pull";
import { GOLDENS } from "../goldens";
import { COMMIT, type LocalHub, startHub } from "./localHub";

setDefaultTimeout(30_000);

const weightsPath = join(GOLDENS, "timesfm/tiny-2.5/model.safetensors");
const SIZE = statSync(weightsPath).size;

/** Pauses between tries end at once. */
const hurriedClock: Clock = {
  now: () => Date.UTC(2026, 0, 1),
  monotonic: () => 0,
  after(_delayMs, action) {
    queueMicrotask(action);
    return () => undefined;
  },
};

let hub: LocalHub;
let modelsDir: string;

beforeEach(async () => {
  hub = await startHub();
  modelsDir = mkdtempSync(join(tmpdir(), "models-"));
});

afterEach(async () => {
  await hub.stop();
  rmSync(modelsDir, { recursive: true });
});

function pull(more: Partial<PullOptions> = {}, token?: string) {
  return pullModel({
    modelsDir,
    hub: { endpoint: hub.endpoint, token },
    id: "acme/forecaster",
    licenceAccepted: false,
    clock: hurriedClock,
    onProgress: () => undefined,
    ...more,
  });
}

function storeRanges(): (string | null)[] {
  return hub.requests.filter(({ host }) => host === "store").map(({ range }) => range);
}

test("a model is pulled, checked and named after the hub's; its folder appears whole", async () => {
  const progress: number[] = [];
  const manifest = await pull({ onProgress: ({ done, total }) => progress.push(done / total) });
  expect(manifest).toMatchObject({
    id: "acme/forecaster",
    family: "timesfm-2.5",
    licence: "apache-2.0",
    source: `acme/forecaster@${COMMIT}`,
    weights: "model.safetensors",
  });
  expect(readdirSync(modelsDir)).toEqual(["acme--forecaster"]);
  expect(readdirSync(join(modelsDir, "acme--forecaster")).sort()).toEqual([
    "config.json",
    "model.json",
    "model.safetensors",
  ]);
  expect(await verifyModel(modelsDir, "acme/forecaster")).toEqual([]);
  expect(progress.at(-1)).toBe(1);
  expect(progress.every((share, index) => index === 0 || share >= progress[index - 1]!)).toBe(true);
});

test("the token goes to the hub and never to where the hub redirects", async () => {
  await pull({}, "hf_secret");
  const tokens = (host: string) => new Set(hub.requests.filter((one) => one.host === host).map(({ token }) => token));
  expect(tokens("hub")).toEqual(new Set(["Bearer hf_secret"]));
  expect(tokens("store")).toEqual(new Set([null]));
});

test("a download that breaks off goes on where it was", async () => {
  hub.faults = [
    { kind: "drop", afterBytes: 1000 },
    { kind: "drop", afterBytes: 5000 },
    { kind: "status", status: 503 },
  ];
  await pull();
  expect(storeRanges()).toEqual([null, "bytes=1000-", "bytes=6000-", "bytes=6000-"]);
  expect(await verifyModel(modelsDir, "acme/forecaster")).toEqual([]);
});

test("what one pull left behind, the next one goes on from", async () => {
  hub.faults = [
    { kind: "drop", afterBytes: 4096 },
    ...Array.from({ length: 5 }, () => ({ kind: "drop", afterBytes: 0 }) as const),
  ];
  await expect(pull()).rejects.toThrow(/ended at byte 4096/);
  expect(await listModels(modelsDir)).toEqual([]);
  hub.faults = [];
  hub.requests.length = 0;
  await pull();
  expect(storeRanges()).toEqual(["bytes=4096-"]);
});

test("a store that knows no ranges sends everything, and the file is right all the same", async () => {
  hub.faults = [{ kind: "drop", afterBytes: 1000 }, { kind: "no ranges" }];
  await pull();
  expect(readFileSync(join(modelsDir, "acme--forecaster/model.safetensors"))).toEqual(readFileSync(weightsPath));
});

test("other bytes than the hub listed are refused, nothing of them is kept, and the next pull begins anew", async () => {
  hub.faults = [{ kind: "other bytes" }];
  await expect(pull()).rejects.toThrow(/expected sha256 [0-9a-f]{64}, got sha256/);
  expect(await listModels(modelsDir)).toEqual([]);
  hub.requests.length = 0;
  await pull();
  expect(storeRanges()).toEqual([null]);
});

test("more bytes than the hub listed are refused", async () => {
  hub.faults = [{ kind: "too much" }];
  await expect(pull()).rejects.toThrow(new RegExp(`more than the ${SIZE} bytes`));
});

test("a hub that lists too little is found out by the digest", async () => {
  hub.claimedSize = SIZE - 1;
  await expect(pull()).rejects.toThrow(/more than the/);
});

test("the disk is looked at before anything is fetched", async () => {
  hub.claimedSize = 2 ** 52;
  await expect(pull()).rejects.toThrow(/MiB free; .* MiB are needed/);
  expect(storeRanges()).toEqual([]);
});

test.each([
  ["ftp://127.0.0.1/x", /redirects to ftp:/],
  ["file:///etc/passwd", /redirects to file:/],
])("a redirect to %s is not followed", async (target, said) => {
  hub.redirect = target;
  await expect(pull()).rejects.toThrow(said);
});

test("redirects in a circle end", async () => {
  hub.redirect = `${hub.endpoint}/acme/forecaster/again`;
  await expect(pull()).rejects.toThrow(/redirects more than 5 times/);
});

test("a licence that forbids commercial use is asked about first", async () => {
  hub.licence = "cc-by-nc-4.0";
  await expect(pull()).rejects.toThrow(/licence cc-by-nc-4\.0.*--accept-license/);
  expect(storeRanges()).toEqual([]);
  expect((await pull({ licenceAccepted: true })).licence).toBe("cc-by-nc-4.0");
});

test("a model that is there already is not fetched again", async () => {
  await pull();
  hub.requests.length = 0;
  await expect(pull()).rejects.toThrow(/is there already.*--as ID/);
  expect(hub.requests).toEqual([]);
  expect((await pull({ as: "second" })).id).toBe("second");
});

test("what the hub refuses is told with what to do", async () => {
  await expect(pull({ id: "acme/unknown" })).rejects.toThrow(/answered 404: the hub has no such model/);
  await expect(pull({ id: "closed/model" })).rejects.toThrow(/answered 401: .*set HF_TOKEN/);
  expect((await pull({ id: "closed/model" }, "hf_secret")).id).toBe("closed/model");
});

test("a hub that is not there is told as such", async () => {
  await hub.stop();
  await expect(pull()).rejects.toThrow(/cannot be reached/);
});

test("who breaks off leaves no model", async () => {
  const leaving = new AbortController();
  const work = pull({
    hub: { endpoint: hub.endpoint, signal: leaving.signal },
    onProgress: () => leaving.abort(new Error("interrupted")),
  });
  await expect(work).rejects.toThrow(/interrupted/);
  expect(existsSync(join(modelsDir, "acme--forecaster"))).toBe(false);
});
