import { useEffect, useRef, useState } from "preact/hooks";
import { type FaultReport, reportOf } from "../common/api";

/** The answer to what was asked last, as far as it is here. */
export interface Latest<T> {
  /** Stays until the next answer has come. */
  value: T | undefined;
  fault: FaultReport | undefined;
  /** Whether an answer to what is asked now is still awaited. */
  busy: boolean;
}

/** Faster than this nobody follows. */
const MIN_INTERVAL_MS = 40;
const MAX_INTERVAL_MS = 1000;

/**
 * Asks whenever `key` changes, at most as often as answers come: a new question waits until the one before it had time
 * to be answered, and then calls it off. So a slider that is dragged is followed, however slow the server is. Nothing is
 * asked while `key` is undefined.
 */
export function useLatest<T>(
  key: string | undefined,
  where: string,
  ask: (signal: AbortSignal) => Promise<T>,
): Latest<T> {
  const [answer, setAnswer] = useState<{ of: string; value: T | undefined; fault: FaultReport | undefined }>();
  const pace = useRef({ askedAt: -Infinity, intervalMs: MIN_INTERVAL_MS, inFlight: new AbortController() });
  useEffect(() => () => pace.current.inFlight.abort(), []);
  useEffect(() => {
    if (key === undefined) return;
    const of = key;
    const { askedAt, intervalMs } = pace.current;
    const timer = setTimeout(() => void send(), Math.max(0, askedAt + intervalMs - performance.now()));
    async function send(): Promise<void> {
      pace.current.inFlight.abort();
      const off = new AbortController();
      const askedAt = performance.now();
      pace.current = { ...pace.current, askedAt, inFlight: off };
      const found = await ask(off.signal).then(
        (value) => ({ value, fault: undefined }),
        (thrown: unknown) => ({ value: undefined, fault: reportOf(thrown, where) }),
      );
      if (off.signal.aborted) return;
      const tookMs = performance.now() - askedAt;
      pace.current.intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, 1.5 * tookMs));
      setAnswer((before) => ({ of, fault: found.fault, value: found.value ?? before?.value }));
    }
    return () => clearTimeout(timer);
  }, [key]);
  return { value: answer?.value, fault: answer?.fault, busy: key !== undefined && answer?.of !== key };
}
