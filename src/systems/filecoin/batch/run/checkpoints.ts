import type { FiguresRoom } from "./chunk";

/** Bytes that are copied in one turn of the event loop. */
const COPIED_AT_ONCE = 2 ** 20;

/** Everything that the first `done` runs have written, piece by piece, in an order that the job alone sets. */
export function* keptParts({ store, points, kept, notNumbers }: FiguresRoom, done: number): Generator<Uint8Array> {
  const views: ArrayBufferView[] = [notNumbers, points, kept];
  for (const view of views) yield* piecesOf(view);
  if (store?.kind === "exact") {
    const { values, runs } = store;
    for (let first = 0; first < values.length; first += runs) yield* piecesOf(values.subarray(first, first + done));
  }
  if (store?.kind === "histogram") for (const view of [store.low, store.width, store.counts]) yield* piecesOf(view);
}

function* piecesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Generator<Uint8Array> {
  for (let at = 0; at < byteLength; at += COPIED_AT_ONCE) {
    yield new Uint8Array(buffer, byteOffset + at, Math.min(COPIED_AT_ONCE, byteLength - at));
  }
}

/**
 * Puts what was kept back in its place. False, with nothing changed, where the bytes are not of this job at this point.
 */
export async function restore(into: FiguresRoom, done: number, bytes: Uint8Array): Promise<boolean> {
  const parts = [...keptParts(into, done)];
  if (parts.reduce((sum, { byteLength }) => sum + byteLength, 0) !== bytes.byteLength) return false;
  let at = 0;
  let copied = 0;
  for (const part of parts) {
    part.set(bytes.subarray(at, at + part.byteLength));
    at += part.byteLength;
    copied += part.byteLength;
    if (copied < COPIED_AT_ONCE) continue;
    copied = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return true;
}
