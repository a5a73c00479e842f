import { runChores } from "../../../platform/chores";
import type { Clock } from "../../../platform/clock";
import { messageOf } from "../../../platform/errors";
import type { Random } from "../../../platform/random";
import { HABITS, type MinerProfile } from "./profiles";
import { createSearch, hexDigits, type MinedBlock, type Search } from "./search";

/** How a simulated worker reaches the world. */
export interface MinerLink {
  /** Publishes to `xenminer/{worker}/{kind}`. */
  publish(kind: ReportKind, payload: Record<string, unknown>): void;
  /** Submits a block to the chain; the block is reported when that has ended, whatever came of it. */
  submit?: ((block: MinedBlock) => Promise<void>) | undefined;
  /** Told in a few words what the worker does. */
  tell?: ((what: string) => void) | undefined;
}

type ReportKind = "register" | "heartbeat" | "status" | "block";

export interface SimulatedWorkerOptions {
  workerId: string;
  profile: MinerProfile;
  gpuCount: number;
  /** Mean seconds between two blocks of an honest worker. */
  blockIntervalSec: number;
  /** Time between two heartbeats; 5 s where nothing is said. */
  heartbeatMs?: number;
  clock: Clock;
  random: Random;
  link: MinerLink;
  /** The last leases that workers of its fleet were given; one for all of them. */
  knownLeases?: Set<string>;
}

/** A worker without a GPU, which says what a real miner says (docs/market.md, Simulated workers). */
export interface SimulatedWorker {
  /** Introduces itself and begins its heartbeats. */
  start(): void;
  /** Takes a message of the market in. */
  receive(kind: "task" | "control", payload: Record<string, unknown>): void;
  /** Says goodbye and does nothing more. */
  stop(): void;
}

const HEARTBEAT_MS = 5000;
const GPUS = [
  ["NVIDIA GeForce RTX 4090", 24],
  ["NVIDIA GeForce RTX 3090", 24],
  ["NVIDIA GeForce RTX 3080", 10],
  ["NVIDIA GeForce RTX 4080", 16],
  ["NVIDIA GeForce RTX 3070", 8],
] as const;

export function createSimulatedWorker(options: SimulatedWorkerOptions): SimulatedWorker {
  const { clock, random, link, gpuCount } = options;
  const habits = HABITS[options.profile];
  const address = `0x${hexDigits(random, 40)}`;
  let running = false;
  let acceptedBlocks = 0;
  let startedMs = 0;
  let stopHeartbeats: (() => Promise<void>) | undefined;

  const say = voiceOf(options, habits.copies);
  const search = createSearch({
    ...options,
    habits,
    submit: link.submit,
    report({ key, hash, account, attempts, hashesPerSecond }, leaseId) {
      acceptedBlocks++;
      link.tell?.(`found a block for ${leaseId}`);
      say("block", { lease_id: leaseId, hash, key, account, attempts, hashrate: hashesPerSecond });
    },
  });

  function introduce(): void {
    say("register", { eth_address: address, version: "sim-2.0.0", ...hardware(gpuCount) });
    say("status", { state: "AVAILABLE" });
  }

  function heartbeat(): void {
    if (random.next() < habits.flaps) {
      say("status", { status: "offline" });
      introduce();
      return;
    }
    say("heartbeat", {
      hashrate: Math.round(search.hashrate() * 100) / 100,
      active_gpus: search.task() === undefined ? 0 : gpuCount,
      accepted_blocks: acceptedBlocks,
      difficulty: 1,
      uptime_sec: Math.floor((clock.now() - startedMs) / 1000),
    });
  }

  return {
    start() {
      running = true;
      startedMs = clock.now();
      introduce();
      heartbeat();
      stopHeartbeats = beginHeartbeats(options, heartbeat);
    },
    receive(kind, payload) {
      const { command, action = command, lease_id: leaseId } = payload;
      if (!running) return;
      if (kind === "control") link.tell?.(`is told ${String(action)}`);
      else if (command === "assign_task") takeTask(search, say, link, payload);
      else if (command === "release") releaseTask(search, say, link, String(leaseId));
    },
    stop() {
      running = false;
      void stopHeartbeats?.();
      search.end();
      say("status", { status: "offline" });
    },
  };
}

/** Says something of a worker to the market. */
type Say = (kind: ReportKind, members: Record<string, unknown>) => void;

function voiceOf({ workerId, clock, link }: SimulatedWorkerOptions, copies: number): Say {
  return (kind, members) => {
    const payload = { worker_id: workerId, ...members, timestamp: Math.floor(clock.now() / 1000) };
    for (let copy = 0; copy < copies; copy++) link.publish(kind, payload);
  };
}

function takeTask(search: Search, say: Say, link: MinerLink, payload: Record<string, unknown>): void {
  const leaseId = String(payload["lease_id"]);
  link.tell?.(`takes ${leaseId}`);
  for (const state of ["LEASED", "MINING"]) say("status", { state, lease_id: leaseId });
  search.begin({ leaseId, account: String(payload["consumer_address"]), prefix: String(payload["prefix"]) });
}

function releaseTask(search: Search, say: Say, link: MinerLink, leaseId: string): void {
  if (search.task()?.leaseId !== leaseId) return;
  search.end();
  link.tell?.(`releases ${leaseId}`);
  say("status", { state: "COMPLETED", lease_id: leaseId });
  say("status", { state: "AVAILABLE" });
}

function beginHeartbeats({ clock, link, heartbeatMs = HEARTBEAT_MS }: SimulatedWorkerOptions, run: () => void) {
  const chore = { what: "a heartbeat", everyMs: heartbeatMs, firstAfterMs: heartbeatMs, run };
  return runChores(clock, [chore], (what, error) => link.tell?.(`${what} failed: ${messageOf(error)}`));
}

function hardware(gpuCount: number) {
  const gpus = Array.from({ length: gpuCount }, (_, index) => {
    const [name, memory_gb] = GPUS[index % GPUS.length]!;
    return { index, name, memory_gb, bus_id: index + 1 };
  });
  const total_memory_gb = gpus.reduce((sum, gpu) => sum + gpu.memory_gb, 0);
  return { gpu_count: gpuCount, total_memory_gb, gpus };
}
