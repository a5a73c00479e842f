/**
 * The market under load, in a process of its own on the disk's own durability: `bun test/bench/market.ts [--seconds 2]
 * [--workers 100] [--leases 0]`. With `--leases N` that many ended leases are put into its history first. The disk's
 * fsync time stands beside the figures of rent and stop, since they mean nothing without it.
 */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { connectAsync } from "mqtt";
import { generate } from "mqtt-packet";
import { systemClock } from "../../src/platform/clock";
import { measureFsyncMs, openDatabase, openDataFolder } from "../../src/platform/database";
import { scratchFolder, serve } from "../support/program";
import { httpLoad, requestBytes } from "./httpLoad";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "2" },
    workers: { type: "string", default: "100" },
    leases: { type: "string", default: "0" },
  },
});
const seconds = Number(values.seconds);
const workerCount = Number(values.workers);
const leaseCount = Number(values.leases);

const dataDir = scratchFolder();
if (leaseCount > 0) await writeHistory();
const served = await serve(["--only", "market,chain,mqtt"], { dataDir, env: { LOG_LEVEL: "warning" } });
const port = Number(new URL(served.url).port);
const mqttPort = Number(((await (await fetch(`${served.url}/health`)).json()) as { mqtt_port: number }).mqtt_port);
const clients = await registerWorkers();
console.log(
  `${workerCount} workers, ${leaseCount} leases of history, fsync ${(await measureFsyncMs(dataDir)).toFixed(2)} ms`,
);

for (const [path, connections] of [
  ["/api/workers", 16],
  ["/api/marketplace", 16],
  ["/api/status", 64],
  ["/api/leases", 16],
  ["/api/blocks", 16],
  ["/api/overview/stats", 16],
  ["/difficulty", 64],
] as const) {
  const request = requestBytes("GET", path);
  const result = await httpLoad({ port, connections, seconds, request: () => request });
  say(`GET ${path}`, result.perSecond, result.p99Ms, result.failed);
}
for (const parallel of [8, 64]) await rentAndStop(parallel);
await heartbeatsUntilVisible(1000);
await underHeartbeats(5000);

for (const client of clients) await client.endAsync(true);
await served.stop();
rmSync(dataDir, { recursive: true });

function say(what: string, perSecond: number, p99Ms: number, failed: number): void {
  const wrong = failed > 0 ? `, ${failed} failed` : "";
  console.log(`${what.padEnd(34)} ${perSecond.toFixed(0).padStart(7)} /s   p99 ${p99Ms.toFixed(2)} ms${wrong}`);
}

async function registerWorkers() {
  const opened = await Promise.all(
    Array.from({ length: workerCount }, (_, i) =>
      connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { clientId: `bench-${i}` }),
    ),
  );
  await Promise.all(
    opened.map((client, i) =>
      client.publishAsync(
        `xenminer/bench-${i}/register`,
        JSON.stringify({
          worker_id: `bench-${i}`,
          eth_address: `0x${String(i).padStart(40, "0")}`,
          gpu_count: 2,
          total_memory_gb: 34,
          gpus: [
            { index: 0, name: "NVIDIA GeForce RTX 4090", memory_gb: 24, bus_id: 1 },
            { index: 1, name: "NVIDIA GeForce RTX 3080", memory_gb: 10, bus_id: 2 },
          ],
          version: "2.0.0",
        }),
        { qos: 1 },
      ),
    ),
  );
  for (;;) {
    const workers = (await (await fetch(`${served.url}/api/workers`)).json()) as unknown[];
    if (workers.length >= workerCount) return opened;
    await Bun.sleep(10);
  }
}

async function rentAndStop(parallel: number): Promise<void> {
  const endMs = performance.now() + seconds * 1000;
  const latenciesMs: number[] = [];
  let failed = 0;
  const startMs = performance.now();
  async function client(index: number): Promise<void> {
    const call = await connection();
    // Each client has a worker of its own, so that what is measured is the market and not its refusals.
    const rent = JSON.stringify({
      consumer_id: "consumer-1",
      duration_sec: 600,
      worker_id: `bench-${index % workerCount}`,
    });
    while (performance.now() < endMs) {
      const beganMs = performance.now();
      const lease = JSON.parse(await call("/api/rent", rent)) as { lease_id?: string };
      const ended = JSON.parse(await call("/api/stop", JSON.stringify({ lease_id: lease.lease_id })));
      if (ended.settlement === undefined) failed++;
      latenciesMs.push(performance.now() - beganMs);
    }
  }
  await Promise.all(Array.from({ length: parallel }, (_, i) => client(i)));
  const elapsed = (performance.now() - startMs) / 1000;
  say(`rent + stop, ${parallel} in parallel`, latenciesMs.length / elapsed, p99(latenciesMs), failed);
}

/** One kept-alive connection that posts and gives the body of the answer. */
async function connection(): Promise<(path: string, body: string) => Promise<string>> {
  let resolve: (body: string) => void = () => undefined;
  let text = "";
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data(_, chunk) {
        text += chunk.toString();
        const head = text.indexOf("\r\n\r\n");
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
        if (head < 0 || text.length < head + 4 + length) return;
        const body = text.slice(head + 4);
        text = "";
        resolve(body);
      },
    },
  });
  return (path, body) => {
    const answer = new Promise<string>((done) => {
      resolve = done;
    });
    socket.write(requestBytes("POST", path, body));
    return answer;
  };
}

/** So many heartbeats of each worker with QoS 1, prepared beforehand, until the list of workers shows the last of each. */
async function heartbeatsUntilVisible(perWorker: number): Promise<void> {
  const batches = Array.from({ length: workerCount }, (_, worker) => {
    const topic = `xenminer/bench-${worker}/heartbeat`;
    const packets = Array.from({ length: perWorker }, (_, i) => {
      const payload = `{"worker_id":"bench-${worker}","hashrate":${i + 1},"active_gpus":2}`;
      const messageId = (i % 65_535) + 1;
      return generate({ cmd: "publish", topic, payload, qos: 1, messageId, dup: false, retain: false });
    });
    return Buffer.concat(packets);
  });
  const call = await connection();
  const wish = JSON.stringify({ consumer_id: "consumer-1", worker_id: "bench-0" });
  const { lease_id } = JSON.parse(await call("/api/rent", wish)) as { lease_id: string };
  const senders = await Promise.all(batches.map((_, i) => sender(`bench-sender-${i}`)));
  const startMs = performance.now();
  for (const [i, send] of senders.entries()) send(batches[i]!);
  const isShown = async () => {
    const workers = (await (await fetch(`${served.url}/api/workers`)).json()) as { hashrate: number }[];
    return workers.every(({ hashrate }) => hashrate === perWorker);
  };
  while (!(await isShown())) await Bun.sleep(5);
  const elapsedS = (performance.now() - startMs) / 1000;
  // The mean over a lease says whether every one of them was taken in.
  const lease = (await (await fetch(`${served.url}/api/leases/${lease_id}`)).json()) as { avg_hashrate: number };
  if (lease.avg_hashrate !== (perWorker + 1) / 2) throw new Error(`some were lost: the mean is ${lease.avg_hashrate}`);
  await call("/api/stop", JSON.stringify({ lease_id }));
  console.log(`heartbeats until visible           ${((workerCount * perWorker) / elapsedS).toFixed(0).padStart(7)} /s`);
}

/** A connection to the broker that writes prepared packets as fast as they are taken. */
async function sender(clientId: string): Promise<(bytes: Buffer) => void> {
  const opened = Promise.withResolvers<void>();
  let rest: Buffer = Buffer.alloc(0);
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: mqttPort,
    socket: {
      data: () => opened.resolve(),
      drain: flush,
    },
  });
  function flush(): void {
    if (rest.length > 0) rest = rest.subarray(Math.max(0, socket.write(rest)));
  }
  socket.write(
    generate({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, clientId, keepalive: 0 }),
  );
  await opened.promise;
  return (bytes) => {
    rest = bytes;
    flush();
  };
}

/** What the dashboard polls, while heartbeats come in at a rate. */
async function underHeartbeats(perSecond: number): Promise<void> {
  let sent = 0;
  const startMs = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startMs) / 1000) * perSecond;
    for (; sent < due; sent++) {
      const client = clients[sent % workerCount]!;
      const payload = `{"worker_id":"bench-${sent % workerCount}","hashrate":${1000 + (sent % 500)},"active_gpus":2}`;
      client.publish(`xenminer/bench-${sent % workerCount}/heartbeat`, payload);
    }
  }, 5);
  for (const path of ["/api/workers", "/api/status"]) {
    const latenciesMs: number[] = [];
    const endMs = performance.now() + seconds * 1000;
    while (performance.now() < endMs) {
      const beganMs = performance.now();
      await (await fetch(served.url + path)).arrayBuffer();
      latenciesMs.push(performance.now() - beganMs);
      await Bun.sleep(10);
    }
    console.log(
      `GET ${path} during ${perSecond} heartbeats/s: p50 ${percentile(latenciesMs, 0.5)} ms, p99 ${percentile(latenciesMs, 0.99)} ms (client and server share the cores)`,
    );
  }
  clearInterval(timer);
  console.log(`heartbeats sent: ${(sent / ((performance.now() - startMs) / 1000)).toFixed(0)} /s`);
}

function p99(latenciesMs: number[]): number {
  return Number(percentile(latenciesMs, 0.99));
}

function percentile(latenciesMs: number[], share: number): string {
  const sorted = Float64Array.from(latenciesMs).sort();
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(2);
}

/** Ended and settled leases of the workers, as so many rentals would have left them. */
async function writeHistory(): Promise<void> {
  const folder = openDataFolder(dataDir);
  const database = await openDatabase({ folder, version: "bench", clock: systemClock, onSamplesError: console.error });
  const worker = (i: number) => `'bench-${i % workerCount}'`;
  const rows = (make: (i: number) => string, from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => make(from + i)).join(",");
  await database.transact((db) => {
    db.run(
      `insert into market_accounts (account_id, role, created_at) values ('consumer-1', 'consumer', 0), ${rows((i) => `(${worker(i)}, 'provider', 0)`, 0, workerCount)}`,
    );
    db.run(
      `insert into market_workers (worker_id, gpu_count, total_memory_gb, gpus, version, state, price_per_min, min_duration_sec, max_duration_sec, registered_at, total_leases, completed_leases) values ${rows((i) => `(${worker(i)}, 2, 34, '[]', 'x', 'AVAILABLE', 600000000, 60, 86400, 0, ${leaseCount / workerCount}, ${leaseCount / workerCount})`, 0, workerCount)}`,
    );
  });
  const SLICE = 500;
  for (let from = 0; from < leaseCount; from += SLICE) {
    const to = Math.min(from + SLICE, leaseCount);
    await database.transact((db) => {
      db.run(
        `insert into market_leases (lease_id, worker_id, consumer_id, consumer_address, prefix, duration_sec, price_per_min, state, created_at, ended_at) values ${rows((i) => `('lease-${i}', ${worker(i)}, 'consumer-1', '', 'p${i}', 60, 600000000, 'completed', ${i}, ${i + 60000})`, from, to)}`,
      );
      db.run(
        `insert into market_settlements (lease_id, consumer_id, worker_id, duration_ms, blocks_found, total_cost, provider_payout, platform_fee, settled_at) values ${rows((i) => `('lease-${i}', 'consumer-1', ${worker(i)}, 60000, 0, 0, 0, 0, ${i})`, from, to)}`,
      );
      db.run(
        `insert into market_blocks (lease_id, worker_id, block_hash, key, account, attempts, hashrate, prefix_valid, chain_verified, created_at) values ${rows((i) => `('lease-${i}', ${worker(i)}, 'h', 'k${i}', '', 0, '0', 1, 1, ${i})`, from, to)}`,
      );
    });
  }
  await database.close();
  folder.release();
}
