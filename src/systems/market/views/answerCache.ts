import type { Clock } from "../../../platform/clock";
import type { LiveState } from "../live/state";

/** Finished bytes of answers that depend on the live state and the time alone. */
export interface AnswerCache {
  /** The JSON of what `build` gives, made anew when the live state has changed or a tenth of a second has passed. */
  bytes(key: string, build: () => unknown): Uint8Array<ArrayBuffer>;
}

/** What is told of a worker changes by the tenth of a second, even when nothing happens. */
const FRESH_MS = 100;
const MAX_ANSWERS = 256;

const encoder = new TextEncoder();

export function createAnswerCache(live: Pick<LiveState, "version">, clock: Pick<Clock, "now">): AnswerCache {
  const kept = new Map<string, { version: number; madeAtMs: number; bytes: Uint8Array<ArrayBuffer> }>();
  return {
    bytes(key, build) {
      const nowMs = clock.now();
      const version = live.version();
      const known = kept.get(key);
      if (known?.version === version && Math.abs(nowMs - known.madeAtMs) < FRESH_MS) return known.bytes;
      const bytes = encoder.encode(JSON.stringify(build()));
      kept.delete(key);
      kept.set(key, { version, madeAtMs: nowMs, bytes });
      if (kept.size > MAX_ANSWERS) kept.delete(kept.keys().next().value!);
      return bytes;
    },
  };
}
