import { connectAsync } from "mqtt";
import { until } from "../support/until";

/** A worker of the market, driven by hand over a real connection (docs/market.md, Messages). */
export interface Miner {
  id: string;
  /** Everything that the market told it, oldest first. */
  heard: Record<string, unknown>[];
  /** Tells its hash rate and that it is there. */
  beat(hashrate: number): Promise<void>;
  /** Finds a block for the lease that it was given: on the chain first, then to the market. Gives the key. */
  find(marketUrl: string): Promise<string>;
  /** Says goodbye and goes. */
  retire(): Promise<void>;
  /** Goes without a word. */
  leave(): Promise<void>;
}

export interface MinerLook {
  id: string;
  gpus: string[];
  hashrate?: number;
  address?: string;
}

const KEY_DIGITS = 64;
let blocksFound = 0;

/** Registers a worker, and ends when the market has taken it and its hash rate. */
export async function connectMiner(mqttPort: number, look: MinerLook): Promise<Miner> {
  const { id, gpus, hashrate = 0, address = `0x${"ab".repeat(20)}` } = look;
  const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { clientId: `xenminer_${id.length}_${id}` });
  const heard: Record<string, unknown>[] = [];
  const say = (kind: string, members: object) =>
    client.publishAsync(`xenminer/${id}/${kind}`, JSON.stringify({ worker_id: id, ...members }), { qos: 1 });
  const lastTask = () => heard.findLast(({ command }) => command === "assign_task");

  client.on("message", (_, payload) => {
    const message = JSON.parse(payload.toString()) as Record<string, unknown>;
    heard.push(message);
    if (message["command"] === "assign_task") {
      void say("status", { state: "LEASED", lease_id: message["lease_id"] });
      void say("status", { state: "MINING", lease_id: message["lease_id"] });
    } else if (message["command"] === "release") {
      void say("status", { state: "AVAILABLE" });
    }
  });
  await client.subscribeAsync([`xenminer/${id}/task`, `xenminer/${id}/control`], { qos: 1 });
  await say("register", {
    eth_address: address,
    gpu_count: gpus.length,
    total_memory_gb: 24 * gpus.length,
    gpus: gpus.map((name, index) => ({ index, name, memory_gb: 24, bus_id: index })),
    version: "2.0.0",
  });
  await until(() => heard.some(({ command }) => command === "register_ack"), `the acknowledgement of ${id}`);
  const beat = async (rate: number) => {
    await say("heartbeat", { hashrate: rate, active_gpus: lastTask() === undefined ? 0 : gpus.length });
  };
  if (hashrate > 0) await beat(hashrate);

  return {
    id,
    heard,
    beat,
    async find(marketUrl) {
      await until(() => lastTask() !== undefined, `a lease for ${id}`);
      const { prefix, lease_id, consumer_address } = lastTask() as Record<string, string>;
      const key = prefix + (++blocksFound).toString(16).padStart(KEY_DIGITS - prefix!.length, "0");
      const block = { key, account: consumer_address, attempts: 150_000 };
      const hash = `aaXEN11${key}`;
      const verify = { ...block, hash_to_verify: hash, hashes_per_second: "1250.75", worker: id };
      const answer = await fetch(`${marketUrl}/verify`, { method: "POST", body: JSON.stringify(verify) });
      if (!answer.ok) throw new Error(`the chain refused the block: ${await answer.text()}`);
      await say("block", { ...block, lease_id, hash, hashrate: "1250.75" });
      return key;
    },
    async retire() {
      await say("status", { status: "offline" });
      await client.endAsync();
    },
    leave: () => client.endAsync(true),
  };
}

/** What the market answers: to a GET, or with a body to a POST; `method` and `headers` where they are others. */
export async function ask<T>(
  marketUrl: string,
  path: string,
  body?: unknown,
  { method = "POST", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<T> {
  const answer = await fetch(
    marketUrl + path,
    body === undefined ? {} : { method, headers, body: JSON.stringify(body) },
  );
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
