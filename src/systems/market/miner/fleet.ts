import { connectAsync } from "mqtt";
import type { Clock } from "../../../platform/clock";
import { messageOf, UsageError } from "../../../platform/errors";
import { type Random, seededRandom } from "../../../platform/random";
import { readPayload } from "../workers/payloads";
import type { MinerProfile } from "./profiles";
import type { MinedBlock } from "./search";
import { createSimulatedWorker } from "./simulatedWorker";

export interface FleetOptions {
  workers: number;
  mqttUrl: string;
  /** For a broker that asks who comes. */
  credentials?: { username: string; password: string } | undefined;
  /** Blocks are submitted to the chain here before they are reported; undefined leaves that out. */
  apiUrl: string | undefined;
  blockIntervalSec: number;
  gpuCount: number;
  profile: MinerProfile;
  clock: Clock;
  random: Random;
  /** Told what each worker does. */
  tell: (workerId: string, what: string) => void;
  /** When it is aborted no more workers are connected. */
  stopAsked?: AbortSignal;
}

const STAGGER_MS = 200;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connects simulated workers `sim-worker-001` and so on, a fifth of a second apart. The function that is given back
 * says goodbye for all of them. @throws UsageError when the broker cannot be reached.
 */
export async function connectFleet(options: FleetOptions): Promise<() => Promise<void>> {
  const leaving: (() => Promise<void>)[] = [];
  const knownLeases = new Set<string>();
  const leave = async () => void (await Promise.all(leaving.map((one) => one())));
  try {
    for (let i = 1; i <= options.workers && options.stopAsked?.aborted !== true; i++) {
      leaving.push(await connectWorker(workerName(i), { ...options, knownLeases }));
      if (i < options.workers) await new Promise((resolve) => setTimeout(resolve, STAGGER_MS));
    }
  } catch (error) {
    await leave();
    throw error;
  }
  return leave;
}

/** The name of the nth simulated worker, from 1: `sim-worker-001`. */
export function workerName(n: number): string {
  return `sim-worker-${String(n).padStart(3, "0")}`;
}

async function connectWorker(
  workerId: string,
  options: FleetOptions & { knownLeases: Set<string> },
): Promise<() => Promise<void>> {
  const { mqttUrl, apiUrl, clock, tell } = options;
  const client = await connectAsync(
    mqttUrl,
    { ...options.credentials, clientId: workerId, connectTimeout: CONNECT_TIMEOUT_MS, will: lastWill(workerId) },
    false,
  ).catch((error) => {
    throw new UsageError(
      `The broker at ${mqttUrl} cannot be reached (${messageOf(error)}). Start foresight there, open to all who connect, or name --user and --password or --token.`,
    );
  });
  const worker = createSimulatedWorker({
    workerId,
    profile: options.profile,
    gpuCount: options.gpuCount,
    blockIntervalSec: options.blockIntervalSec,
    clock,
    random: seededRandom(options.random.below(2 ** 32)),
    knownLeases: options.knownLeases,
    link: {
      publish: (kind, payload) =>
        void client.publish(`xenminer/${workerId}/${kind}`, JSON.stringify(payload), { qos: 1 }),
      tell: (what) => tell(workerId, what),
      ...(apiUrl !== undefined && { submit: (block) => submit(apiUrl, block, (what) => tell(workerId, what)) }),
    },
  });
  client.on("message", (topic, payload) => {
    const kind = topic.endsWith("/control") ? "control" : "task";
    worker.receive(kind, readPayload(payload) ?? {});
  });
  client.on("error", (error) => tell(workerId, messageOf(error)));
  await client.subscribeAsync([`xenminer/${workerId}/task`, `xenminer/${workerId}/control`], { qos: 1 });
  worker.start();
  return async () => {
    const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
    worker.stop();
    // Without a connection it would wait for acknowledgements that nobody will send.
    await Promise.race([client.endAsync(!client.connected), closed]);
  };
}

/** As a real miner's, but not retained: simulated workers leave nothing behind. */
function lastWill(workerId: string) {
  const payload = JSON.stringify({ worker_id: workerId, status: "offline" });
  return { topic: `xenminer/${workerId}/status`, payload: Buffer.from(payload), qos: 1, retain: false } as const;
}

async function submit(apiUrl: string, block: MinedBlock, tell: (what: string) => void): Promise<void> {
  const { hash, hashesPerSecond, attempts, ...rest } = block;
  const body = { ...rest, hash_to_verify: hash, attempts: String(attempts), hashes_per_second: hashesPerSecond };
  try {
    const answer = await fetch(`${apiUrl}/verify`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) tell(`the chain refused a block: ${await answer.text()}`);
  } catch (error) {
    tell(`the chain cannot be reached: ${messageOf(error)}`);
  }
}
