import type { BlockAnswer } from "../../src/systems/market/schema/leases";
import type { ListedWorker } from "../../src/systems/market/schema/workers";
import { type FaultReport, getJson, reportOf } from "../common/api";
import { openLive } from "../common/live";
import { createStore, type Store } from "../common/store";

/**
 * Every worker and the last blocks, as fresh as they can be had: the live feed tells heartbeats and blocks at once,
 * and the list, asked for again and again, tells the rest (states, prices, reputation), which no event does.
 */
export interface Fleet {
  /** Undefined before the first answer. */
  workers: readonly ListedWorker[] | undefined;
  /** Newest first. */
  blocks: readonly HeardBlock[];
  /** When anything was last heard of the market, by `Date.now()`. */
  heardAt: number | null;
  /** What went wrong with the last try to hear more. */
  fault: FaultReport | undefined;
}

/** A block as the feed tells it: what became of it is in its lease. */
export type HeardBlock = Pick<BlockAnswer, "worker_id" | "hash" | "lease_id">;

const LIST_EVERY_MS = 5000;
/** The list of a large fleet takes long to make; it may take one part in twenty of the time. */
const LIST_SHARE = 20;
/** What comes in faster than this is shown together. */
const SHOW_AFTER_MS = 250;
const MAX_BLOCKS = 50;

export const fleet: Store<Fleet> = createStore<Fleet>({
  workers: undefined,
  blocks: [],
  heardAt: null,
  fault: undefined,
});

/** Server time less that of this machine, by the last frame of the feed. */
let aheadMs = 0;

/** Unix seconds by the server's clock. */
export function serverNowS(): number {
  return (Date.now() + aheadMs) / 1000;
}

/** What the feed has told and the page does not show yet. */
export interface FeedNews {
  heartbeats: Map<string, { hashrate: number; active_gpus: number; at: number }>;
  /** Newest first. */
  blocks: HeardBlock[];
}

/** The fleet with what was heard of it; workers it has not listed yet are left to the next list. */
export function fleetWith(now: Fleet, { heartbeats, blocks }: FeedNews, heardAt: number): Fleet {
  const workers = now.workers?.map((worker) => {
    const beat = heartbeats.get(worker.worker_id);
    if (beat === undefined) return worker;
    return { ...worker, hashrate: beat.hashrate, active_gpus: beat.active_gpus, last_heartbeat: beat.at };
  });
  return { ...now, workers, blocks: [...blocks, ...now.blocks].slice(0, MAX_BLOCKS), heardAt };
}

const nothingHeard = (): FeedNews => ({ heartbeats: new Map(), blocks: [] });
let heard = nothingHeard();
let showing = false;

function showSoon(): void {
  if (showing) return;
  showing = true;
  setTimeout(() => {
    showing = false;
    fleet.set(fleetWith(fleet.get(), heard, Date.now()));
    heard = nothingHeard();
  }, SHOW_AFTER_MS);
}

type Frame = { sentAtS: number | undefined } & FrameContent;
type FrameContent =
  | { event: "snapshot"; data: { recent_blocks: readonly BlockAnswer[] } }
  | { event: "heartbeat"; data: { worker_id: string; hashrate: number; active_gpus: number } }
  | { event: "block"; data: HeardBlock }
  | { event: "health"; data: unknown };

function take(frame: Frame): void {
  if (frame.sentAtS !== undefined) aheadMs = frame.sentAtS * 1000 - Date.now();
  if (frame.event === "snapshot") {
    heard = nothingHeard();
    fleet.set({ ...fleet.get(), blocks: frame.data.recent_blocks, heardAt: Date.now() });
    void askForList();
  } else if (frame.event === "heartbeat") {
    const { worker_id, ...figures } = frame.data;
    heard.heartbeats.set(worker_id, { ...figures, at: serverNowS() });
    showSoon();
    if (!listed.has(worker_id)) void askForList();
  } else if (frame.event === "block") {
    heard.blocks.unshift(frame.data);
    showSoon();
  }
}

/** Names in the last list. */
let listed: ReadonlySet<string> = new Set();
let asking = false;
let nextAsk: ReturnType<typeof setTimeout> | undefined;

/** Brings the list up to date, for instance after something was done that no event tells. */
export async function askForList(): Promise<void> {
  if (asking) return;
  asking = true;
  clearTimeout(nextAsk);
  const startedAt = performance.now();
  try {
    const workers = await getJson<readonly ListedWorker[]>("/api/workers");
    listed = new Set(workers.map(({ worker_id }) => worker_id));
    fleet.set({ ...fleet.get(), workers, heardAt: Date.now(), fault: undefined });
  } catch (thrown) {
    fleet.set({ ...fleet.get(), fault: reportOf(thrown, "GET /api/workers") });
  }
  asking = false;
  nextAsk = setTimeout(askWhenSeen, Math.max(LIST_EVERY_MS, LIST_SHARE * (performance.now() - startedAt)));
}

function askWhenSeen(): void {
  if (!document.hidden) void askForList();
}

/** Begins to follow the market, for as long as the page is open. */
export function followFleet(): void {
  openLive("/ws/dashboard", {
    kind: "socket",
    // The feed is silent while nothing happens. That the server is there, the list tells.
    silenceLimitMs: Number.POSITIVE_INFINITY,
    onMessage: (message) => take(message as Frame),
  });
  document.addEventListener("visibilitychange", askWhenSeen);
  void askForList();
}
