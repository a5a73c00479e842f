/**
 * Thousands of futures: `bun test/bench/batch.ts`. Runs a second on one core, then a real server: 10,000 ten-year runs
 * of five series with bands, its time to the first bands and to the last, its memory, and how long other requests
 * wait meanwhile.
 */

import { readFileSync } from "node:fs";
import type { ScenarioPlan } from "../../src/systems/filecoin/batch/request/plan";
import { fitRates, weeksOf } from "../../src/systems/filecoin/batch/request/rateProcess";
import { finestStep, sampledDays } from "../../src/systems/filecoin/batch/request/sampledDays";
import { exactStore, exactStoreBytes } from "../../src/systems/filecoin/batch/run/bandStore";
import { type ChunkInput, runChunk } from "../../src/systems/filecoin/batch/run/chunk";
import { sampleHistory } from "../../src/systems/filecoin/history/sample";
import { prepareEngine } from "../../src/systems/filecoin/model/engine";
import { scenarioFrom } from "../../src/systems/filecoin/scenario";
import { MAX_FORECAST_DAYS } from "../../src/systems/filecoin/schema/bounds";
import type { OutputName } from "../../src/systems/filecoin/schema/series";
import { serve } from "../support/program";

const RUNS = 10_000;
const CHUNK = 32;
const CHUNKS = 60;
const ROUNDS = 3;
const FIVE: OutputName[] = ["circ_supply", "network_locked", "day_network_reward", "network_RBP_EIB", "1y_sector_roi"];

const history = sampleHistory();
const base = scenarioFrom({}, history.smoothed);

function planOf(kind: "points" | "chance"): ScenarioPlan {
  if (kind === "points") {
    const points = Float64Array.from({ length: CHUNK * CHUNKS * 2 }, (_, i) => (i % 2 === 0 ? 1 + (i % 97) / 10 : 0.8));
    return { kind, base, inputs: ["rbp", "rr"], points };
  }
  const fit = fitRates(history, weeksOf(history));
  const wandering = { method: "mean_reverting", fit, inputs: ["rbp", "rr", "fpr"], blockWeeks: 8 } as const;
  return { kind, base, chance: { seed: 1, wandering, levels: [], levelMixing: new Float64Array(0) } };
}

/** Runs a second of this thread, engine, inputs and store of values together. */
function runsPerSecond(plan: ScenarioPlan): number {
  const engine = prepareEngine(history);
  const days = sampledDays(MAX_FORECAST_DAYS, finestStep(MAX_FORECAST_DAYS));
  const columns = FIVE.length * days.length;
  const total = CHUNK * CHUNKS;
  const store = exactStore(total, columns, new SharedArrayBuffer(exactStoreBytes(total, columns)));
  const into = {
    store,
    points: new Float64Array(0),
    kept: new Float64Array(0),
    notNumbers: new Int32Array(new SharedArrayBuffer(20)),
  };
  const chunk = (first: number): ChunkInput => {
    const runs = Int32Array.from({ length: CHUNK }, (_, i) => first + i);
    const asked = { snapshotId: engine.snapshotId, outputs: FIVE, sampledDays: days, pointDays: new Int32Array(0) };
    return { ...asked, plan, planRuns: runs, runs, firstPlace: first, keptPlaces: runs.map(() => -1), into };
  };
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    for (let i = 0; i < CHUNKS; i++) runChunk(engine, chunk(i * CHUNK));
    best = Math.max(best, (1000 * total) / (performance.now() - began));
  }
  return best;
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024;
}

const quantile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;

/** Asks for the batch and gives the milliseconds to its first bands and to its result. */
async function askForBands(url: string, seed: number): Promise<{ firstMs: number; lastMs: number }> {
  const began = performance.now();
  const answer = await fetch(`${url}/simulate/monte-carlo`, {
    method: "POST",
    headers: { accept: "text/event-stream" },
    body: JSON.stringify({ runs: RUNS, seed, output: FIVE }),
  });
  const decoder = new TextDecoder();
  let firstMs = 0;
  let tail = "";
  for await (const chunk of answer.body!) {
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-2e6);
    if (firstMs === 0 && tail.includes("event: bands")) firstMs = performance.now() - began;
  }
  if (!tail.includes("event: result")) throw new Error(`no result: ${tail.slice(-300)}`);
  return { firstMs, lastMs: performance.now() - began };
}

/** Times requests one after another until told to stop. */
async function timeOthers(
  url: string,
  path: string,
  body: object | undefined,
  isOver: () => boolean,
): Promise<number[]> {
  const times: number[] = [];
  while (!isOver()) {
    const began = performance.now();
    await (await fetch(url + path, body && { method: "POST", body: JSON.stringify(body) })).arrayBuffer();
    times.push(performance.now() - began);
    await Bun.sleep(3);
  }
  return times;
}

async function measureServer(workers: number | undefined): Promise<void> {
  const env = workers === undefined ? {} : { WORKERS: String(workers) };
  const served = await serve(["--only", "filecoin"], { env });
  await (await fetch(`${served.url}/simulate`, { method: "POST", body: '{"forecast_length_days":30}' })).text();
  const idleMb = residentMb(served.pid);
  console.log(`server, ${workers ?? "default"} Workers: idle ${idleMb.toFixed(0)} MB`);
  for (let round = 1; round <= ROUNDS; round++) {
    let over = false;
    let peakMb = 0;
    const sampling = setInterval(() => {
      peakMb = Math.max(peakMb, residentMb(served.pid));
    }, 20);
    const isOver = () => over;
    const others = Promise.all([
      timeOthers(served.url, "/health", undefined, isOver),
      timeOthers(served.url, "/historical-data", undefined, isOver),
      timeOthers(served.url, "/simulate", { forecast_length_days: 365, output: ["circ_supply"] }, isOver),
    ]);
    const { firstMs, lastMs } = await askForBands(served.url, round);
    over = true;
    const names = ["/health", "/historical-data", "/simulate"];
    const waits = (await others).map(
      (times, i) =>
        `${names[i]} p50 ${quantile(times, 0.5).toFixed(1)} p99 ${quantile(times, 0.99).toFixed(1)} ms (${times.length})`,
    );
    clearInterval(sampling);
    console.log(
      `  ${RUNS} runs: first bands ${firstMs.toFixed(0)} ms, all ${lastMs.toFixed(0)} ms, +${(peakMb - idleMb).toFixed(0)} MB; ${waits.join(", ")}`,
    );
  }
  await served.stop();
}

console.log(`one core, ten years, five series, constant inputs: ${runsPerSecond(planOf("points")).toFixed(0)} runs/s`);
console.log(`one core, ten years, five series, rates by chance: ${runsPerSecond(planOf("chance")).toFixed(0)} runs/s`);
await measureServer(undefined);
await measureServer(2);
