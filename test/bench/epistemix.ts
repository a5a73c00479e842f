import { serve } from "../support/program";
import { callerOf, runRequest } from "../systems/epistemix/caller";

/**
 * Cycles of register, input, run and config over 16 connections against a server of its own, in wall time and in the
 * server's CPU time: `bun test/bench/epistemix.ts [SECONDS]`.
 */

const CONNECTIONS = 16;
const seconds = Number(process.argv[2] ?? 5);

const server = await serve(["--only", "epistemix"]);
const call = callerOf(`${server.url}/epistemix`);

async function cycle(): Promise<void> {
  const { id: jobId } = (await call<{ id: number }>("POST", "/jobs/register", { tags: ["bench"] })).body;
  await call("POST", "/jobs", { jobId, context: "job", type: "input" });
  const submitted = await call<{ runResponses: { runId: number }[] }>("POST", "/runs", {
    runRequests: [runRequest(jobId)],
  });
  const { runId } = submitted.body.runResponses[0]!;
  const config = await call("POST", "/jobs", { jobId, context: "run", type: "config", runId });
  if (config.status !== 200) throw new Error(`config: ${config.status}`);
}

/** User and system time of the server, in seconds; Linux counts in hundredths. */
async function cpuSeconds(): Promise<number> {
  const stat = await Bun.file(`/proc/${server.pid}/stat`).text();
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function measure(forMs: number): Promise<{ cycles: number; wallS: number; cpuS: number }> {
  const [beganAt, cpuBefore] = [performance.now(), await cpuSeconds()];
  let cycles = 0;
  async function connection(): Promise<void> {
    while (performance.now() - beganAt < forMs) {
      await cycle();
      cycles++;
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return { cycles, wallS: (performance.now() - beganAt) / 1000, cpuS: (await cpuSeconds()) - cpuBefore };
}

await measure(1000);
const { cycles, wallS, cpuS } = await measure(seconds * 1000);
await server.stop();
const [perWall, perCpu] = [cycles / wallS, cycles / cpuS].map(Math.round);
process.stdout.write(`${cycles} cycles: ${perWall}/s of wall time, ${perCpu}/s of the server's CPU time\n`);
