/**
 * How long a one-page PDF takes in a fresh thread and in one that is kept, and the other formats beside it:
 * `bun test/bench/reports.ts`. Wall time of a machine that does other work is noise; the time of a core is printed, too.
 */
import { createWorker } from "../../src/createWorker";
import { createPool } from "../../src/platform/compute/pool";
import { REPORT_FORMATS, type ReportFormat, renderReport } from "../../src/systems/jobs/reports";
import { request, simulation } from "../systems/jobs/reports/requests";

const COLD_RUNS = 5;
const WARM_RUNS = 20;
const result = {
  output: {
    estimate: 2.71,
    std_error: 0.02,
    ci95: [2.67, 2.75],
    histogram: { edges: [0, 1, 2, 3], counts: [5, 9, 2] },
  },
  statistics: { iterations: 10_000, seed: 42 },
};

const startPool = () =>
  createPool({ workers: 1, maxWaitMs: 60_000, maxWaiting: 10, createWorker, onCrash: (error) => console.error(error) });

async function timed(work: () => Promise<unknown>): Promise<{ wallMs: number; coreMs: number }> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - began, coreMs: (user + system) / 1000 };
}

function told(name: string, runs: readonly { wallMs: number; coreMs: number }[]): void {
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!.toFixed(0);
  const [wall, core] = [median(runs.map(({ wallMs }) => wallMs)), median(runs.map(({ coreMs }) => coreMs))];
  const least = Math.min(...runs.map(({ wallMs }) => wallMs)).toFixed(0);
  console.log(`${name}: median ${wall} ms, best ${least} ms, ${core} ms of cores (${runs.length} runs)`);
}

let turn = 0;
const one = (format: ReportFormat) => request([simulation({ ...result, turn: turn++ })], { format });

const cold = [];
for (let run = 0; run < COLD_RUNS; run++) {
  cold.push(
    await timed(async () => {
      const pool = startPool();
      await renderReport(one("PDF"), pool);
      await pool.stop();
    }),
  );
}
told("PDF, one page, from the start of a thread", cold);

const pool = startPool();
for (const format of REPORT_FORMATS) {
  await renderReport(one(format), pool);
  const warm = [];
  for (let run = 0; run < WARM_RUNS; run++) warm.push(await timed(() => renderReport(one(format), pool)));
  told(`${format}, one page, in a thread that is kept`, warm);
}
await pool.stop();
