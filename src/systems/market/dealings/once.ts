import type { SqliteHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import { addAnswer, findAnswer } from "../store/idempotency";

/** A request that may come twice: who asks what, under which key. */
export interface OnceKey {
  /** Caller, path and the caller's `Idempotency-Key`. */
  scope: string;
  /** What was asked, so that a key is not used for two things. */
  fingerprint: string;
}

/** How long an answer is kept for a request that comes again. */
export const ANSWER_KEPT_MS = 86_400_000;

/** What a deed gave, and whether it was done now or before. */
export type Once<Value> = { done: Value } | { before: string };

/**
 * Does `deed` unless it was done under this key, in the transaction that `db` is of; `nameOf` says in a text what was
 * done, which a repeat gets back (docs/market.md, Repeats).
 * @throws RequestError 422 for a key that was used for something else.
 */
export function once<Value>(
  db: SqliteHandle,
  key: OnceKey | undefined,
  nowMs: number,
  deed: () => Value,
  nameOf: (value: Value) => string,
): Once<Value> {
  const known = key && findAnswer(db, key.scope);
  if (known !== undefined && known.fingerprint !== key?.fingerprint) {
    throw new RequestError(422, "This Idempotency-Key was used for another request. Take a new one.");
  }
  if (known !== undefined) return { before: known.answer };
  const done = deed();
  if (key !== undefined) addAnswer(db, { ...key, answer: nameOf(done), createdAt: nowMs });
  return { done };
}
