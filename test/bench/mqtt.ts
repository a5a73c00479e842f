/**
 * The broker against mosquitto, in turn on one machine: `bun test/bench/mqtt.ts [--runs 5] [--messages 400000]
 * [--only A,B]`. Prints the best of all runs of each, the ratio, and what is wanted of it. The load is made by
 * `mqttLoad.ts`, in workload E by `mqttOffline.ts`.
 */
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeLoad } from "./makeLoad";
import { type Peer, startMosquitto, startOurs } from "./mqttPeers";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    messages: { type: "string", default: "400000" },
    only: { type: "string", default: "A,B,C,D,E,connections" },
  },
});
const runs = Number(values.runs);
const messages = Number(values.messages);

type Result = Record<string, number>;
type Generator = Awaited<ReturnType<typeof makeLoad>>;

/** One kind of load, and which figure of it counts. */
interface Workload {
  name: string;
  figure: string;
  start(port: number): Promise<Generator>;
  read(output: Record<string, unknown>): Result;
  /** Ratio to mosquitto that is wanted, or the figure itself where that is the goal. */
  wanted: { ratio: number } | { atLeast: number };
  isLowerBetter: boolean;
}

const OFFLINE = join(import.meta.dir, "mqttOffline.ts");

async function comeBack(port: number): Promise<Generator> {
  const command = [process.execPath, OFFLINE, "--port", String(port), "--messages", "100000"];
  return Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
}

const latency = (output: Record<string, unknown>): Result => {
  const { p50, p99 } = output["delivery_ms"] as { p50: number; p99: number };
  return { per_s: output["delivered_per_s"] as number, p50, p99 };
};

const WORKLOADS: Workload[] = [
  {
    name: "A: QoS 0, 10 to 10, messages/s",
    figure: "per_s",
    start: (port) => makeLoad(port, { pubs: 10, subs: 10, qos: 0, messages, payload: 128 }),
    read: latency,
    wanted: { ratio: 2.5 },
    isLowerBetter: false,
  },
  {
    name: "B: QoS 1, 10 to 10, messages/s",
    figure: "per_s",
    start: (port) => makeLoad(port, { pubs: 10, subs: 10, qos: 1, messages: messages / 2, payload: 128 }),
    read: latency,
    wanted: { ratio: 2 },
    isLowerBetter: false,
  },
  {
    name: "C: QoS 0, 1 to 50, deliveries/s",
    figure: "per_s",
    start: (port) => makeLoad(port, { pubs: 1, subs: 50, fanout: 50, qos: 0, messages: messages / 20, payload: 128 }),
    read: latency,
    wanted: { ratio: 3 },
    isLowerBetter: false,
  },
  {
    name: "D: QoS 1 at 1,000/s, p99 in ms",
    figure: "p99",
    start: (port) => makeLoad(port, { pubs: 4, subs: 4, qos: 1, rate: 1000, messages: 5000, payload: 128 }),
    read: latency,
    wanted: { ratio: 1 },
    isLowerBetter: true,
  },
  {
    name: "E: QoS 1 to sessions that were away, messages/s",
    figure: "overall_per_s",
    start: comeBack,
    read: (output) => output as Result,
    wanted: { atLeast: 25_000 },
    isLowerBetter: false,
  },
  {
    name: "connections: 10,000, s",
    figure: "seconds",
    start: (port) => makeLoad(port, { connections: 10_000, hold: 1 }),
    read: (output) => ({ seconds: output["seconds"] as number }),
    wanted: { ratio: 1 },
    isLowerBetter: true,
  },
];

async function measure(workload: Workload, peer: Peer): Promise<Result> {
  const child = await workload.start(peer.port);
  const output = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${workload.name} on ${peer.name} failed: ${output}`);
  return workload.read(JSON.parse(output) as Record<string, unknown>);
}

function better(workload: Workload, a: Result | undefined, b: Result): Result {
  if (a === undefined) return b;
  const isBetter = workload.isLowerBetter
    ? b[workload.figure]! < a[workload.figure]!
    : b[workload.figure]! > a[workload.figure]!;
  return isBetter ? b : a;
}

function verdict(workload: Workload, ours: number, theirs: number | undefined): string {
  if ("atLeast" in workload.wanted) {
    return `${ours >= workload.wanted.atLeast ? "reached" : "MISSED"}: at least ${workload.wanted.atLeast}`;
  }
  if (theirs === undefined) return "no mosquitto on this machine to compare with";
  const ratio = workload.isLowerBetter ? theirs / ours : ours / theirs;
  const { ratio: wanted } = workload.wanted;
  return `${ratio >= wanted ? "reached" : "MISSED"}: ${ratio.toFixed(2)} times, wanted ${wanted}`;
}

const peers = [await startOurs(), await startMosquitto()].filter((peer) => peer !== null);
const chosen = values.only.split(",");
console.log(
  `${runs} runs of each in turn; load of the machine ${loadavg()
    .map((value) => value.toFixed(1))
    .join(" ")}`,
);
for (const workload of WORKLOADS.filter(({ name }) => chosen.includes(name.split(":")[0]!))) {
  const best = new Map<string, Result>();
  for (let run = 0; run < runs; run++) {
    for (const peer of peers) best.set(peer.name, better(workload, best.get(peer.name), await measure(workload, peer)));
  }
  console.log(workload.name);
  for (const [name, result] of best) console.log(`  ${name.padEnd(10)} ${JSON.stringify(result)}`);
  console.log(
    `  ${verdict(workload, best.get("foresight")![workload.figure]!, best.get("mosquitto")?.[workload.figure])}`,
  );
}
for (const peer of peers) await peer.stop();
