import { ONLINE_THRESHOLD_MS } from "./workerState";

/**
 * Which seconds of a lease its worker worked (docs/market.md, Billing). A gap begins when the worker says or shows that
 * it does not work, and ends when it shows that it does; between two signs of life that are not far apart it works.
 */

export const gapReasons = ["starting", "offline", "silent", "error", "idle"] as const;
export type GapReason = (typeof gapReasons)[number];

/** A time without work. */
export interface Gap {
  beganAtMs: number;
  /** Null while it lasts. */
  endedAtMs: number | null;
  reason: GapReason;
}

/** Gaps up to this long are billed whole: a message takes its time. */
export const MAX_BILLED_GAP_MS = 5000;

/** The work of a lease as it goes on. */
export interface WorkLog {
  createdAtMs: number;
  /** When the worker was first seen at work; null before. */
  beganAtMs: number | null;
  /** When the worker was last heard. */
  lastSignMs: number;
  openGap: Gap | null;
  /** Length of all gaps that have ended and are not billed. */
  unbilledMs: number;
}

/** What has changed in a log and is to be kept. */
export interface WorkChange {
  /** The worker has been seen at work for the first time. */
  began?: number;
  saved?: Gap;
  /** A gap that was too short to be one, by its beginning. */
  dropped?: number;
}

export function newWorkLog(createdAtMs: number, beganAtMs: number | null): WorkLog {
  return { createdAtMs, beganAtMs, lastSignMs: createdAtMs, openGap: null, unbilledMs: 0 };
}

/** The log of a lease that is billed whole, whatever its worker does. */
export function wholeWorkLog(createdAtMs: number): WorkLog {
  return { ...newWorkLog(createdAtMs, createdAtMs), lastSignMs: Number.POSITIVE_INFINITY };
}

/** Takes up a log where an earlier process left it; `heardAtMs` is when the worker was last heard. */
export function resumeWork(log: WorkLog, beganAtMs: number | null, gaps: readonly Gap[], heardAtMs: number): void {
  log.beganAtMs = beganAtMs;
  // What began or ended since then was a sign too.
  const signs = gaps.map((gap) => gap.endedAtMs ?? gap.beganAtMs);
  log.lastSignMs = Math.max(log.createdAtMs, heardAtMs, beganAtMs ?? 0, ...signs.slice(-1));
  for (const gap of gaps) {
    if (gap.endedAtMs === null) log.openGap = gap;
    else log.unbilledMs += lengthOf(gap);
  }
}

/** The worker is heard, whatever it says. What it did since it was last heard is not known when that is long ago. */
export function hear(log: WorkLog, nowMs: number): WorkChange {
  const sinceMs = log.lastSignMs;
  log.lastSignMs = nowMs;
  if (log.beganAtMs === null || log.openGap !== null || nowMs - sinceMs < ONLINE_THRESHOLD_MS) return {};
  log.unbilledMs += nowMs - sinceMs;
  return { saved: { beganAtMs: sinceMs, endedAtMs: nowMs, reason: "silent" } };
}

/** The worker shows that it works. The time until it began is no gap when it begins at all. */
export function work(log: WorkLog, nowMs: number): WorkChange {
  if (log.beganAtMs === null) {
    log.beganAtMs = nowMs;
    return { began: nowMs };
  }
  return endGap(log, nowMs);
}

/** The worker shows that it does not work. */
export function rest(log: WorkLog, reason: GapReason, nowMs: number): WorkChange {
  if (log.beganAtMs === null || log.openGap !== null) return {};
  log.openGap = { beganAtMs: Math.max(nowMs, log.createdAtMs), endedAtMs: null, reason };
  return { saved: log.openGap };
}

function endGap(log: WorkLog, nowMs: number): WorkChange {
  const gap = log.openGap;
  if (gap === null) return {};
  log.openGap = null;
  const lengthMs = nowMs - gap.beganAtMs;
  if (lengthMs <= MAX_BILLED_GAP_MS) return { dropped: gap.beganAtMs };
  log.unbilledMs += lengthMs;
  return { saved: { ...gap, endedAtMs: nowMs } };
}

/** The gap in which a log is at `nowMs`, as it would be if the lease ended then; undefined where it is billed. */
export function lastGap(log: WorkLog, nowMs: number): Gap | undefined {
  const { beganAtMs, openGap, lastSignMs, createdAtMs } = log;
  if (beganAtMs === null) return longEnough({ beganAtMs: createdAtMs, endedAtMs: nowMs, reason: "starting" });
  if (openGap !== null) return longEnough({ ...openGap, endedAtMs: nowMs });
  const isSilent = nowMs - lastSignMs >= ONLINE_THRESHOLD_MS;
  return isSilent ? { beganAtMs: lastSignMs, endedAtMs: nowMs, reason: "silent" } : undefined;
}

function longEnough(gap: Gap): Gap | undefined {
  return lengthOf(gap) > MAX_BILLED_GAP_MS ? gap : undefined;
}

function lengthOf({ beganAtMs, endedAtMs }: Gap): number {
  return Math.max(0, (endedAtMs ?? beganAtMs) - beganAtMs);
}

/** How much of a lease is billed when it ends at `endMs`. */
export function billedMs(log: WorkLog, endMs: number): number {
  const last = lastGap(log, endMs);
  const unbilledMs = log.unbilledMs + (last === undefined ? 0 : lengthOf(last));
  return Math.max(0, endMs - log.createdAtMs - unbilledMs);
}

/** A part of a lease on its receipt. */
export interface Span {
  fromMs: number;
  toMs: number;
  /** Why it is not billed; null where it is. */
  unbilledFor: GapReason | null;
}

/** A lease from its beginning to its end as billed and unbilled spans; `gaps` are in order and have ended by then. */
export function spansOf(createdAtMs: number, endMs: number, gaps: readonly Gap[]): Span[] {
  const spans: Span[] = [];
  let fromMs = createdAtMs;
  for (const { beganAtMs, endedAtMs, reason } of gaps) {
    const [gapFrom, gapTo] = [Math.max(fromMs, beganAtMs), Math.min(endMs, endedAtMs ?? endMs)];
    if (gapTo <= gapFrom) continue;
    if (gapFrom > fromMs) spans.push({ fromMs, toMs: gapFrom, unbilledFor: null });
    spans.push({ fromMs: gapFrom, toMs: gapTo, unbilledFor: reason });
    fromMs = gapTo;
  }
  if (endMs > fromMs || spans.length === 0) spans.push({ fromMs, toMs: endMs, unbilledFor: null });
  return spans;
}
