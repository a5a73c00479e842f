/**
 * What `POST /simulate` costs its callers: ten years of all series, distinct scenarios, on a server of its own.
 *
 * usage: bun test/bench/simulateHttp.ts [rounds] [the program, such as dist/foresight]
 */
import { serve } from "../support/program";
import { httpLoad, requestBytes } from "./httpLoad";

const rounds = Number(process.argv[2] ?? 5);
const program = process.argv[3];
const served = await serve(["--only", "filecoin"], program === undefined ? {} : { command: [program] });
const port = Number(new URL(served.url).port);

/** No two alike, so that no cache can help. */
const scenario = (index: number) =>
  requestBytes("POST", "/simulate", JSON.stringify({ rbp: 2 + (index % 9973) * 1e-4, rr: 0.8 }));

const residentMb = async () => {
  const status = await Bun.file(`/proc/${served.pid}/status`).text();
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
};

function median(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const show = (value: number) => value.toFixed(2);
  return `${show(sorted[sorted.length >> 1]!)} (${show(sorted[0]!)} to ${show(sorted.at(-1)!)})`;
}

const idleMb = await residentMb();
const results = { alone: [] as number[], perSecond: [] as number[], healthP99: [] as number[], mb: [] as number[] };
for (let round = 0; round < rounds; round++) {
  const alone = await httpLoad({ port, connections: 1, seconds: 1, request: scenario });
  const [loaded, health] = await Promise.all([
    httpLoad({ port, connections: 8, seconds: 2, request: scenario }),
    httpLoad({ port, connections: 1, seconds: 2, request: () => requestBytes("GET", "/health") }),
  ]);
  if (alone.failed + loaded.failed + health.failed > 0) throw new Error("some requests failed");
  results.alone.push(alone.p50Ms);
  results.perSecond.push(loaded.perSecond);
  results.healthP99.push(health.p99Ms);
  results.mb.push(await residentMb());
}
const code = await served.stop();
console.log(`median of ${rounds} rounds (least to most), exit code ${code}
POST /simulate, one connection, median ms      ${median(results.alone)}
POST /simulate, 8 connections, answers/s       ${median(results.perSecond)}
GET /health p99 ms meanwhile                   ${median(results.healthP99)}
resident MB idle                               ${idleMb.toFixed(0)}
resident MB under load                         ${median(results.mb)}`);
