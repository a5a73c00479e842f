/**
 * What requests to the forecaster cost two states of this project, in turn on one machine, by the processor time of
 * the server's process: what else the machine does falls on neither.
 *
 * usage: bun test/bench/pairedCpu.ts OTHER_CHECKOUT [rounds]
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Served, serve } from "../support/program";

const [other, rounds = "7"] = process.argv.slice(2);
if (other === undefined) throw new Error("name the folder of another checkout, with its node_modules");

const TICK_MS = 10;
const WARM_UP = 10;

interface Kind {
  name: string;
  path: string;
  requests: number;
  /** No two alike. */
  body: (i: number) => object;
}

const grid = (i: number) => ({
  rbp: { low: 1 + (i % 900) * 1e-3, high: 10, steps: 21 },
  rr: { low: 0.5, high: 0.95, steps: 21 },
});
const KINDS: readonly Kind[] = [
  { name: "ten years, all series", path: "/simulate", requests: 150, body: (i) => ({ rbp: 2 + i * 1e-4 }) },
  {
    name: "30 days, one series",
    path: "/simulate",
    requests: 600,
    body: (i) => ({ rbp: 2 + i * 1e-4, forecast_length_days: 30, output: "circ_supply" }),
  },
  { name: "1,000 futures", path: "/simulate/monte-carlo", requests: 6, body: (i) => ({ runs: 1000, seed: i + 1 }) },
  { name: "sweep of 441 scenarios", path: "/simulate/sweep", requests: 8, body: (i) => ({ axes: grid(i) }) },
];

function processorMs({ pid }: Served): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function send({ url }: Served, { path, body }: Kind, i: number): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body(i)) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

const command = [process.execPath, join(other, "src/main.ts")];
const [before, now] = await Promise.all([serve(["--only", "filecoin"], { command }), serve(["--only", "filecoin"])]);
for (const kind of KINDS) {
  const spent = new Map<Served, number[]>([before, now].map((side) => [side, []]));
  for (const side of spent.keys()) for (let i = 0; i < WARM_UP; i++) await send(side, kind, 9000 + i);
  for (let round = 0; round < Number(rounds); round++) {
    for (const [side, costs] of round % 2 === 0 ? spent : [...spent].reverse()) {
      const from = processorMs(side);
      for (let i = 0; i < kind.requests; i++) await send(side, kind, round * 1000 + i);
      costs.push((processorMs(side) - from) / kind.requests);
    }
  }
  const shown = [...spent.values()].map((costs) => {
    const sorted = costs.toSorted((a, b) => a - b);
    return `${sorted[sorted.length >> 1]!.toFixed(2)} (${sorted[0]!.toFixed(2)} to ${sorted.at(-1)!.toFixed(2)})`;
  });
  console.log(`${kind.name.padEnd(24)} ms of a processor a request: ${shown[0]} there, ${shown[1]} here`);
}
await Promise.all([before.stop(), now.stop()]);
