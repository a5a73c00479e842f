/**
 * Many series through `POST /api/v1/forecast` of a program of its own: wall clock, CPU time of the whole program and of its
 * event loop, and what another caller waits meanwhile. `bun test/bench/forecastingApi.ts [SERIES [POINTS [MODEL]]]`
 */
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { KNOWN_API_KEY } from "../../src/systems/forecasting";
import { serve } from "../support/program";

const [count = 10_000, points = 100, model = "ensemble"] = [
  Number(process.argv[2] ?? 10_000),
  Number(process.argv[3] ?? 100),
  process.argv[4] ?? "ensemble",
];
const TICKS_PER_SECOND = 100;

/** Seconds of CPU that the thread of the event loop has used so far. */
function loopSeconds(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e9;
}

/** Seconds of CPU that the process has used so far, all its threads together. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

const series = Array.from({ length: count }, (_, index) => ({
  id: String(index),
  values: Array.from({ length: points }, (__, t) => {
    const noise = ((t * 7919 + index * 104_729) % 1000) / 100;
    return Math.round(100 * (50 + (index % 50) + t / 10 + 10 * Math.sin((t * Math.PI) / 6) + noise)) / 100;
  }),
  freq: "MS",
}));
const served = await serve(["--only", "forecasting"], { env: { WORKERS: "2" } });
const ask = async (body: unknown) => {
  const headers = { authorization: `Bearer ${KNOWN_API_KEY}` };
  const answer = await fetch(`${served.url}/api/v1/forecast`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, bytes: (await answer.bytes()).length };
};
await ask({ model, series: series.slice(0, 20), horizon: 12 });

/** How long other callers wait meanwhile: what a small request takes, from end to end. */
const waits: number[] = [];
/** The most CPU that the event loop used while one of them waited: how long it was held up by itself, not by others. */
let heldMs = 0;
let done = false;
const probing = (async () => {
  while (!done) {
    const [from, loopFrom] = [performance.now(), loopSeconds(served.pid)];
    await (await fetch(`${served.url}/health`)).bytes();
    waits.push(performance.now() - from);
    heldMs = Math.max(heldMs, 1000 * (loopSeconds(served.pid) - loopFrom));
    await Bun.sleep(20);
  }
})();
const [cpuBefore, loopBefore, from] = [cpuSeconds(served.pid), loopSeconds(served.pid), performance.now()];
const answer = await ask({ model, series, horizon: 12 });
const seconds = (performance.now() - from) / 1000;
done = true;
await probing;
const cpu = cpuSeconds(served.pid) - cpuBefore;
const loop = loopSeconds(served.pid) - loopBefore;
waits.sort((a, b) => a - b);
const share = (part: number) => waits[Math.floor(part * (waits.length - 1))]!.toFixed(1);
console.log(
  `${count} series of ${points} points, ${model}: ${answer.status}, ${(answer.bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s, ` +
    `${cpu.toFixed(1)} s of CPU, of which ${loop.toFixed(2)} s on the event loop; /health meanwhile: median ${share(0.5)} ms, 99 % ${share(0.99)} ms, worst ${share(1)} ms of ${waits.length}; ` +
    `most CPU of the event loop meanwhile ${heldMs.toFixed(1)} ms`,
);
await served.stop();
await rm(served.dataDir, { recursive: true });
