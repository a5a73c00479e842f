import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { quantileOfSorted } from "../../../../../src/numeric/quantiles";
import type { WorkPool } from "../../../../../src/platform/compute/pool";
import { RequestError } from "../../../../../src/platform/errors";
import { redoRuns } from "../../../../../src/systems/filecoin/batch/gpu/redo";
import type { ChancePlan } from "../../../../../src/systems/filecoin/batch/request/chance";
import { scenarioMaker } from "../../../../../src/systems/filecoin/batch/request/plan";
import { fitRates } from "../../../../../src/systems/filecoin/batch/request/rateProcess";
import { sampledDays } from "../../../../../src/systems/filecoin/batch/request/sampledDays";
import { PILOT_RUNS } from "../../../../../src/systems/filecoin/batch/run/bandStore";
import { createCpuBatchEngine } from "../../../../../src/systems/filecoin/batch/run/cpuEngine";
import { BAND_SHARES, type BatchFigures } from "../../../../../src/systems/filecoin/batch/run/figures";
import { runOrder } from "../../../../../src/systems/filecoin/batch/run/job";
import { prepareEngine } from "../../../../../src/systems/filecoin/model/engine";
import { type ScenarioMembers, scenarioFrom } from "../../../../../src/systems/filecoin/scenario";
import { OUTPUT_NAMES } from "../../../../../src/systems/filecoin/schema/series";
import { engineCases } from "../gpu/cases";
import { FIVE, history, jobOf, startPool, valuesOf } from "../support";

setDefaultTimeout(30_000);

const engine = prepareEngine(history);
const scenario = (members: ScenarioMembers) => scenarioFrom(members, history.smoothed);
const chance = (seed: number): ChancePlan => ({
  seed,
  wandering: { method: "mean_reverting", fit: fitRates(history, 52), inputs: ["rbp", "rr", "fpr"], blockWeeks: 8 },
  levels: [{ input: "lock_target", distribution: { kind: "uniform", low: 0.2, high: 0.4 } }],
  levelMixing: Float64Array.of(1),
});
const chanceJob = (runs: number, forecastDays: number, seed = 1) =>
  jobOf({
    plan: { kind: "chance", base: scenario({ forecast_length_days: forecastDays }), chance: chance(seed) },
    runs,
    forecastDays,
  });

let pool: WorkPool;
const start = (workers: number) => {
  pool = startPool(workers);
  return createCpuBatchEngine(pool);
};
/** Figures as plain lists, which can be compared though they stand in shared memory. */
const plain = ({ bands, points, kept, notNumbers, done }: BatchFigures) => ({
  done,
  lists: [bands!.values, bands!.means, bands!.errors, points, kept, notNumbers].map((values) => Array.from(values)),
});
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
afterEach(() => pool.stop());

describe("a batch on the pool", () => {
  test("does every case of the table that all engines share as one engine alone does", async () => {
    const pooled = start(2);
    for (const { name, plan, runs, forecastDays } of engineCases(history, 6)) {
      const pointDays = Int32Array.of(0, 1, 364, forecastDays - 1);
      const job = jobOf({ plan, runs, forecastDays, pointDays, sampledDays: pointDays, wantsBands: false });
      const alone = redoRuns(
        engine,
        job,
        job.outputs,
        Array.from({ length: runs }, (_, run) => run),
      );
      expect([name, Array.from((await pooled.run(job)).points)]).toEqual([name, Array.from(alone.points)]);
    }
  });

  test("gives the bands, points and series that its scenarios give one by one", async () => {
    const forecastDays = 400;
    const scenarios = Array.from({ length: 45 }, (_, i) =>
      scenario({ forecast_length_days: forecastDays, rbp: 1 + i, rr: 0.3 + i / 100, sector_duration_days: 180 + i }),
    );
    const pointDays = Int32Array.of(0, 200, 399);
    const keptRuns = Int32Array.of(44, 0, 7);
    const job = jobOf({ plan: { kind: "list", scenarios }, runs: 45, forecastDays, pointDays, keptRuns });
    const { bands, points, kept, done, notNumbers } = await start(2).run(job);
    const days = job.sampledDays;
    expect([done, bands!.method, [...notNumbers]]).toEqual([45, "exact", [0, 0, 0, 0, 0]]);
    for (const [o, output] of FIVE.entries()) {
      const values = scenarios.map((one) => valuesOf(engine, one, output, days));
      for (const [d] of days.entries()) {
        const sorted = Float32Array.from(values, (one) => one[d]!).sort();
        const expected = BAND_SHARES.map((share) =>
          Number.isNaN(sorted[0]!) ? Number.NaN : quantileOfSorted(sorted, 45, share),
        );
        const at = (o * days.length + d) * 5;
        expect([...bands!.values.subarray(at, at + 5)]).toEqual(expected);
      }
      for (const [run, one] of scenarios.entries()) {
        const expected = valuesOf(engine, one, output, pointDays);
        expect(Array.from(pointDays, (_, p) => points[(o * 3 + p) * 45 + run])).toEqual(expected);
      }
      for (const [place, run] of keptRuns.entries()) {
        const from = (place * FIVE.length + o) * days.length;
        expect([...kept.subarray(from, from + days.length)]).toEqual(values[run]!);
      }
    }
  });

  test("is the same to the last bit on one Worker and on three, and another for another seed", async () => {
    const job = { ...chanceJob(300, 730), pointDays: Int32Array.of(729), keptRuns: Int32Array.of(5) };
    const one = await start(1).run(job);
    await pool.stop();
    const three = await start(3).run(job);
    expect(plain(three)).toEqual(plain(one));
    const other = await createCpuBatchEngine(pool).run(chanceJob(300, 730, 2));
    expect(plain(other).lists[0]).not.toEqual(plain(one).lists[0]!);
  });

  test("tells bands early, over runs that are spread over all of them", async () => {
    const told: BatchFigures[] = [];
    const progress: number[] = [];
    const job = chanceJob(700, 365);
    // One thread: of two, the slower one may hold the first chunk until all others are done.
    const figures = await start(1).run(job, {
      onBands: (early) => void told.push(early),
      onProgress: (done) => void progress.push(done),
    });
    expect(told.length).toBeGreaterThan(0);
    expect(progress.at(-1)).toBe(700);
    expect(figures.done).toBe(700);
    const [{ done, bands }] = told as [BatchFigures];
    expect(done).toBeGreaterThanOrEqual(64);
    expect(done).toBeLessThan(700);
    const order = runOrder(700);
    const make = scenarioMaker(job.plan);
    const day = Int32Array.of(job.sampledDays[9]!);
    const values = Array.from(
      { length: done },
      (_, place) => valuesOf(engine, make(order(place)), "circ_supply", day)[0]!,
    );
    const sorted = Float32Array.from(values).sort();
    expect(bands!.values[9 * 5 + 2]).toBe(quantileOfSorted(sorted, done, 0.5));
  });

  test("counts what is no number and leaves it out of the bands", async () => {
    const scenarios = [0, 3, 5].map((rbp) => scenario({ forecast_length_days: 50, rbp }));
    const job = jobOf({
      plan: { kind: "list", scenarios },
      runs: 3,
      forecastDays: 50,
      outputs: ["day_pledge_per_QAP", "circ_supply"],
    });
    const { bands, notNumbers } = await start(1).run(job);
    expect([...notNumbers]).toEqual([job.sampledDays.length - 1, 0]);
    const last = (job.sampledDays.length - 1) * 5;
    expect(bands!.values[last]).toBeGreaterThan(0);
  });

  test("beyond the memory for exact bands, histograms stay within the error that they state", async () => {
    const forecastDays = 150;
    const names = [...FIVE, "available_supply", "network_QAP_EIB", "day_locked_pledge", "day_pledge_per_QAP"] as const;
    const outputs = [...names, "network_time", "cum_network_reward", "network_baseline_EIB"] as const;
    const plan = { kind: "chance", base: scenario({ forecast_length_days: forecastDays }), chance: chance(3) } as const;
    const runs = 20_000;
    const cpu = start(2);
    const days = sampledDays(forecastDays, 1);
    const told: number[] = [];
    const binned = await cpu.run(jobOf({ plan, runs, forecastDays, outputs, sampledDays: days }), {
      onBands: ({ done }) => void told.push(done),
    });
    expect(binned.bands!.method).toBe("histogram");
    expect(told.length).toBeGreaterThan(0);
    expect(Math.max(...told)).toBeLessThanOrEqual(PILOT_RUNS);
    for (const output of ["circ_supply", "1y_sector_roi", "day_pledge_per_QAP", "network_baseline_EIB"] as const) {
      const o = outputs.indexOf(output);
      const exact = await cpu.run(jobOf({ plan, runs, forecastDays, outputs: [output], sampledDays: days }));
      expect(exact.bands!.method).toBe("exact");
      const bound = binned.bands!.errors[o]!;
      let worst = 0;
      for (let i = 0; i < days.length * 5; i++) {
        const [a, b] = [binned.bands!.values[o * days.length * 5 + i]!, exact.bands!.values[i]!];
        if (!Number.isNaN(b)) worst = Math.max(worst, Math.abs(a - b));
        else expect(a).toBeNaN();
      }
      expect(worst, output).toBeLessThanOrEqual(bound);
      const last = exact.bands!.values.subarray((days.length - 1) * 5);
      // Of outputs that vary, the bound is small beside the band itself.
      if (last[4]! - last[0]! > 1e-6 * Math.abs(last[2]!)) expect(worst).toBeLessThan((last[4]! - last[0]!) / 50);
    }
  }, 30_000);
});

describe("a batch that is kept on its way", () => {
  const forecastDays = 150;
  const days = sampledDays(forecastDays, 1);
  const points = Int32Array.of(0, 149);
  const kept = Int32Array.of(3, 17);
  test.each([
    ["exact", 700, FIVE],
    ["histogram", 5300, OUTPUT_NAMES],
  ] as const)("gives the same figures from every point of it: %s", async (method, runs, outputs) => {
    const plan = { kind: "chance", base: scenario({ forecast_length_days: forecastDays }), chance: chance(3) } as const;
    const job = {
      ...jobOf({ plan, runs, forecastDays, outputs, sampledDays: days, pointDays: points }),
      keptRuns: kept,
    };
    const cpu = start(2);
    const states: { done: number; bytes: Uint8Array }[] = [];
    const save = async (done: number, parts: Iterable<Uint8Array>) => {
      states.push({ done, bytes: Buffer.concat([...parts]) });
    };
    const everyMs = method === "exact" ? 2 : 20;
    const maxShare = Infinity;
    const whole = await cpu.run(job, { checkpoints: { everyMs, maxShare, save } });
    expect(whole.bands!.method).toBe(method);
    expect(states.length).toBeGreaterThan(3);
    const last = states.length - 1;
    for (const from of [states[0]!, states[last]!]) {
      const progress: number[] = [];
      const onProgress = (done: number) => void progress.push(done);
      const resumed = await cpu.run(job, { onProgress, checkpoints: { everyMs: Infinity, maxShare, from, save } });
      expect(progress[0]).toBeGreaterThanOrEqual(from.done);
      expect(plain(resumed)).toEqual(plain(whole));
    }
    const torn = { done: states[0]!.done, bytes: states[0]!.bytes.subarray(1) };
    const anew = await cpu.run(job, { checkpoints: { everyMs: Infinity, maxShare, from: torn, save } });
    expect(plain(anew)).toEqual(plain(whole));
  });
});

describe("a batch that cannot go on", () => {
  test("stops at once when the caller hangs up, and leaves the pool idle", async () => {
    const cpu = start(2);
    const stopping = new AbortController();
    const job = chanceJob(50_000, 3650);
    const failed = failure(cpu.run(job, { signal: stopping.signal, onBands: () => stopping.abort() }));
    expect((await failed) as RequestError).toMatchObject({ status: 499 });
    expect(pool.load()).toMatchObject({ running: 0, waiting: 0 });
    expect((await cpu.run(chanceJob(10, 30))).done).toBe(10);
  });

  test("is refused on a history that it was not made for", async () => {
    const cpu = start(1);
    const failed = await failure(cpu.run({ ...chanceJob(10, 30), snapshotId: "another" }));
    expect(failed).toBeInstanceOf(RequestError);
    expect(failed).toMatchObject({ status: 503, retryAfterS: 1 });
  });

  test("fails with its pool, not in the background", async () => {
    const cpu = start(1);
    const failed = failure(cpu.run(chanceJob(5000, 3650), { onBands: () => void pool.stop() }));
    expect(await failed).toMatchObject({ status: 503 });
  });
});

describe("the order of runs", () => {
  test.each([1, 2, 3, 10, 100, 1000, 4096, 9973])("of %p is each of them once", (runs) => {
    const order = runOrder(runs);
    expect(new Set(Array.from({ length: runs }, (_, place) => order(place))).size).toBe(runs);
  });

  test("has its first tenth in every tenth of a list", () => {
    const order = runOrder(10_000);
    const tenths = new Set(Array.from({ length: 1000 }, (_, place) => Math.floor(order(place) / 1000)));
    expect(tenths.size).toBe(10);
  });
});
