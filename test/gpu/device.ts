/**
 * Tries and times the GPU engine on the card of this machine, in less than six minutes:
 *
 *   bun test/gpu/device.ts [--json FILE] [--quick]
 *
 * Checks the table of cases against the engine of 64 bits, then prints how long batches take on the device and from
 * request to answer. Ends with 1 where a case is beyond its tolerance. docs/gpu.md, "Figures", comes from here.
 */
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { Elysia } from "elysia";
import { isSoftware } from "../../src/gpu/device";
import { type Gpu, openGpu } from "../../src/gpu/gpu";
import { systemClock } from "../../src/platform/clock";
import { createPool } from "../../src/platform/compute/pool";
import { routesWithErrors } from "../../src/platform/http/errorShape";
import { fastApiErrors } from "../../src/platform/http/fastapi/errors";
import type { Log } from "../../src/platform/log";
import { runOnDevice } from "../../src/systems/filecoin/batch/gpu/deviceBatch";
import { createEitherEngine } from "../../src/systems/filecoin/batch/gpu/eitherEngine";
import { machineCard } from "../../src/systems/filecoin/batch/gpu/machineCard";
import { tryDevice } from "../../src/systems/filecoin/batch/gpu/trial";
import { USUAL_OUTPUTS } from "../../src/systems/filecoin/batch/request/order";
import { finestStep, sampledDays } from "../../src/systems/filecoin/batch/request/sampledDays";
import { batchRoutes } from "../../src/systems/filecoin/batch/routes";
import { createCpuBatchEngine } from "../../src/systems/filecoin/batch/run/cpuEngine";
import type { BatchJob } from "../../src/systems/filecoin/batch/run/job";
import { createBatchService } from "../../src/systems/filecoin/batch/service";
import { sampleHistory } from "../../src/systems/filecoin/history/sample";
import { prepareEngine } from "../../src/systems/filecoin/model/engine";
import { forecast } from "../../src/systems/filecoin/model/forecast";
import { SHARED_HISTORY } from "../../src/systems/filecoin/work";
import { engineCases } from "../systems/filecoin/batch/gpu/cases";
import { bandParity, parityOf, withPlainSums } from "../systems/filecoin/batch/gpu/parity";

const { values: flags } = parseArgs({ options: { json: { type: "string" }, quick: { type: "boolean" } } });
const DAYS = 3650;
const began = performance.now();
const results: Record<string, unknown> = {};
const history = sampleHistory();
const engine = prepareEngine(history);

function say(text: string): void {
  process.stdout.write(`[${((performance.now() - began) / 1000).toFixed(1)} s] ${text}\n`);
}

const round = (value: number) => Number(value.toPrecision(4));
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const gpu = await openGpu();
if (gpu === undefined) {
  say("There is no adapter on this machine.");
  process.exit(1);
}
const software = isSoftware(gpu.identity);
const quick = flags.quick === true || software;
say(`${gpu.identity.vendor} ${gpu.identity.description}; ${cpus()[0]?.model}, ${availableParallelism()} threads`);
results["adapter"] = gpu.identity;
results["maxBindingBytes"] = gpu.maxBindingBytes;

const beyond = await checkCases(gpu);
const trial = await tryDevice(gpu, engine, !software);
results["trial"] = trial;
say(`trial: ${JSON.stringify(trial)}`);
for (const name of ["chance", "levels that walk"]) {
  for (const runs of quick ? [256] : [1000, 10_000, 100_000, 1_000_000]) await timeOnDevice(gpu, name, runs);
}
timeOneCore();
gpu.memory.release();
await timeRequests(quick ? [256] : [1000, 100_000, 1_000_000]);
if (flags.json !== undefined) await Bun.write(flags.json, JSON.stringify(results, null, 1));
say(beyond.length === 0 ? "every case is within its tolerance" : `beyond the tolerance: ${beyond.join(", ")}`);
process.exit(beyond.length === 0 ? 0 : 1);

async function checkCases(gpu: Gpu): Promise<string[]> {
  const cases = engineCases(history, 64);
  const chance = { ...cases.find(({ name }) => name === "chance")!, runs: quick ? 64 : 1000 };
  const found = [];
  for (const one of [...cases, { ...chance, name: `chance, ${chance.runs} runs` }]) {
    const parity = await parityOf(gpu, engine, one);
    found.push(parity);
    say(`${parity.name}: ${round(parity.worst)} of what is allowed (${parity.series}), ${parity.redone} done again`);
  }
  const bands = {
    exact: await bandParity(gpu, engine, chance, "exact"),
    histogram: await bandParity(gpu, engine, chance, "histogram"),
  };
  say(`quantiles: ${JSON.stringify(bands)}`);
  const plain = await parityOf(withPlainSums(gpu), engine, cases[0]!);
  say(`plain sums, for comparison: ${round(plain.worst)} of what is allowed`);
  Object.assign(results, { cases: found, bands, plain });
  const wrong = found.filter(({ worst }) => !(worst <= 1)).map(({ name }) => name);
  for (const [name, { worst }] of Object.entries(bands)) if (!(worst <= 1)) wrong.push(`${name} quantiles`);
  if (!(bands.exact.meanOff < 2e-6 && bands.histogram.meanOff < 5e-3)) wrong.push("means");
  return wrong;
}

/** Ten years, five series on every seventh day, by the chance of a case, made on the card. */
async function timeOnDevice(gpu: Gpu, of: string, runs: number): Promise<void> {
  const chance = engineCases(history, 1).find(({ name }) => name === of)!;
  const job: BatchJob = {
    engine: "gpu",
    snapshotId: engine.snapshotId,
    plan: chance.plan,
    runs,
    forecastDays: DAYS,
    outputs: USUAL_OUTPUTS,
    sampledDays: sampledDays(DAYS, finestStep(DAYS)),
    wantsBands: true,
    pointDays: new Int32Array(0),
    keptRuns: new Int32Array(0),
  };
  // A card that has rested takes a while to come to its clock.
  for (let i = 0; i < (quick ? 1 : 10); i++) await runOnDevice(gpu, engine, job);
  const timed: Awaited<ReturnType<typeof runOnDevice>>[] = [];
  for (let i = 0; i < (quick ? 1 : 7); i++) timed.push(await runOnDevice(gpu, engine, job));
  const part = (name: keyof (typeof timed)[number]["times"]) => round(median(timed.map(({ times }) => times[name])));
  const { chunkRuns, redone, figures } = timed[0]!;
  const times = {
    kernelMs: part("kernelMs"),
    quantilesMs: part("quantilesMs"),
    onDeviceMs: round(part("kernelMs") + part("quantilesMs")),
    totalMs: part("totalMs"),
    redoneMs: part("redoneMs"),
  };
  const kernelRunsPerS = Math.round((1000 * runs) / times.kernelMs);
  const row = { of, runs, ...times, kernelRunsPerS, chunkRuns, redone, bands: figures.bands?.method };
  results[`device, ${of}, ${runs}`] = row;
  say(JSON.stringify(row));
}

function timeOneCore(): void {
  const scenario = engineCases(history, 1)[0]!.plan;
  if (scenario.kind !== "points") return;
  const runs = quick ? 100 : 1000;
  for (let i = 0; i < 100; i++) forecast(engine, scenario.base, USUAL_OUTPUTS);
  const start = performance.now();
  for (let i = 0; i < runs; i++) forecast(engine, { ...scenario.base, rbpPibPerDay: 2 + i / runs }, USUAL_OUTPUTS);
  const runsPerS = Math.round((1000 * runs) / (performance.now() - start));
  results["one core, 64 bits"] = { runsPerS };
  say(`one core in 64 bits: ${runsPerS} runs/s`);
}

/** From request to the last byte of the answer, over HTTP; and another route beside the largest. */
async function timeRequests(sizes: number[]): Promise<void> {
  const pool = createPool({
    workers: Math.max(1, availableParallelism() - 1),
    maxWaitMs: 60_000,
    maxWaiting: 1000,
    createWorker: () => new Worker(new URL("./device.worker.ts", import.meta.url)),
    onCrash: (error) => say(`a Worker crashed: ${error}`),
  });
  pool.share(SHARED_HISTORY, history);
  const { card, stop } = machineCard({ GPU: "auto" }, systemClock, (fault) => say(`fault: ${fault}`));
  const cpu = createCpuBatchEngine(pool);
  const either = createEitherEngine({
    cpu,
    card,
    workers: () => pool.load().workers,
    maxWaitS: 60,
    history: () => history,
    onDone: () => undefined,
  });
  const { maxRuns, costOf } = either;
  const config = { FILECOIN_KNOWN_TRIM: "none", COMPUTE_MAX_WAIT_S: 60 } as const;
  const service = createBatchService({ pool, config, engine: either, history: () => history, maxRuns, costOf });
  const log = { write: () => undefined } as unknown as Log;
  const app = new Elysia()
    .use(routesWithErrors("filecoin", fastApiErrors, log).use(batchRoutes(service, { MAX_BODY_BYTES: 1e6 }, log)))
    .get("/ping", () => "pong")
    .listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${app.server!.port}`;
  say(`card: ${JSON.stringify(await card.tried())}`);
  const request = async (body: object, format = "json") => {
    const start = performance.now();
    const response = await fetch(`${url}/simulate/monte-carlo?format=${format}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    const bytes = await response.arrayBuffer();
    return { ms: performance.now() - start, status: response.status, bytes };
  };
  for (const runs of sizes) {
    for (const engineName of runs <= 100_000 && !quick ? ["gpu", "cpu", "auto"] : ["gpu"]) {
      const body = { runs, engine: engineName };
      const first = await request(body);
      const text = new TextDecoder().decode(first.bytes);
      if (first.status !== 200) say(`status ${first.status}: ${text.slice(0, 300)}`);
      const timed = [];
      const repeats = engineName === "cpu" ? 1 : 9;
      for (let i = 0; i < repeats; i++) timed.push((await request({ ...body, seed: i + 2 })).ms);
      const { stamp, warnings } = JSON.parse(text) as { stamp: Record<string, unknown>; warnings: unknown };
      const row = {
        runs,
        asked: engineName,
        answerMs: round(median(timed)),
        firstMs: round(first.ms),
        stamp,
        warnings,
      };
      results[`request ${runs} ${engineName}`] = row;
      say(JSON.stringify(row));
    }
  }
  await timeBeside(url, () => request({ runs: sizes.at(-1)!, engine: "gpu" }));
  await app.stop(true);
  await stop();
  await pool.stop();
}

/** How long another route takes while batches run. */
async function timeBeside(url: string, batch: () => Promise<unknown>): Promise<void> {
  let running = true;
  const batches = (async () => {
    for (let i = 0; i < (quick ? 2 : 8); i++) await batch();
    running = false;
  })();
  const waits: number[] = [];
  while (running) {
    const start = performance.now();
    await (await fetch(`${url}/ping`)).text();
    waits.push(performance.now() - start);
  }
  await batches;
  waits.sort((a, b) => a - b);
  const p99Ms = round(waits[Math.floor(waits.length * 0.99)]!);
  results["other routes beside the largest batch"] = { requests: waits.length, p99Ms, mostMs: round(waits.at(-1)!) };
  say(`other routes beside the largest batch: p99 ${p99Ms} ms, most ${round(waits.at(-1)!)} ms`);
}
