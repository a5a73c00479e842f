import { useEffect, useRef, useState } from "preact/hooks";
import { type FaultReport, reportOf } from "../common/api";
import { comebacks } from "../common/comebacks";
import { createStore, useStore } from "../common/store";

/** The answer to what was asked last, as far as it is here. */
export interface Latest<T> {
  /** Stays until the next answer has come. */
  value: T | undefined;
  fault: FaultReport | undefined;
  /** Whether an answer to what is asked now is still awaited. */
  busy: boolean;
}

/** How often the server's history has changed, or the server has come back, since the page was opened. */
const epoch = createStore(0);
comebacks.subscribe(askAnew);

/** Asks everything anew, since the server answers from another history now, or answers again. */
export function askAnew(): void {
  epoch.set(epoch.get() + 1);
}

/** Faster than this nobody follows. */
const MIN_INTERVAL_MS = 40;
const MAX_INTERVAL_MS = 1000;

/**
 * Asks whenever `question` changes, at most as often as answers come: a new question waits until the one before it had time
 * to be answered, and then calls it off. So a slider that is dragged is followed, however slow the server is. Nothing is
 * asked while it is undefined. What `ask` gives to `early` is shown until the answer itself has come.
 */
export function useLatest<T>(
  question: string | undefined,
  where: string,
  ask: (signal: AbortSignal, early: (value: T) => void) => Promise<T>,
): Latest<T> {
  const age = useStore(epoch);
  const key = question === undefined ? undefined : `${age} ${question}`;
  const [answer, setAnswer] = useState<Answer<T>>();
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
      let isFirst = true;
      function show(found: Pick<Answer<T>, "value" | "fault" | "isWhole">): void {
        if (off.signal.aborted) return;
        if (isFirst) pace.current.intervalMs = intervalAfter(performance.now() - askedAt);
        isFirst = false;
        setAnswer((before) => ({ ...found, of, value: found.value ?? before?.value }));
      }
      await ask(off.signal, (value) => show({ value, fault: undefined, isWhole: false })).then(
        (value) => show({ value, fault: undefined, isWhole: true }),
        (thrown: unknown) => show({ value: undefined, fault: reportOf(thrown, where), isWhole: true }),
      );
    }
    return () => clearTimeout(timer);
  }, [key]);
  const isAnswered = answer?.of === key && answer?.isWhole === true;
  return { value: answer?.value, fault: answer?.fault, busy: key !== undefined && !isAnswered };
}

interface Answer<T> {
  of: string;
  value: T | undefined;
  fault: FaultReport | undefined;
  isWhole: boolean;
}

function intervalAfter(tookMs: number): number {
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, 1.5 * tookMs));
}
