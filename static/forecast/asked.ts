import { useEffect, useState } from "preact/hooks";
import { type FaultReport, reportOf } from "../common/api";
import { useComebacks } from "../common/comebacks";

/** The answer to what was asked last, as far as it is here. */
export interface Asked<T> {
  /** Stays until the answer to the next question has come. */
  value: T | undefined;
  fault: FaultReport | undefined;
  /** Whether an answer to what is asked now is still awaited. */
  busy: boolean;
}

/** Somebody who types is not followed letter by letter. */
const SETTLES_MS = 120;

/**
 * Asks whenever `question` changes, and anew when the server comes back; nothing is asked while it is undefined. A new
 * question calls the one before it off.
 */
export function useAsked<T>(
  question: string | undefined,
  where: string,
  ask: (signal: AbortSignal) => Promise<T>,
): Asked<T> {
  const [answer, setAnswer] = useState<{ of: string; value: T | undefined; fault: FaultReport | undefined }>();
  const returns = useComebacks();
  useEffect(() => {
    if (question === undefined) return;
    const calledOff = new AbortController();
    const timer = setTimeout(() => {
      ask(calledOff.signal)
        .then((value) => setAnswer({ of: question, value, fault: undefined }))
        .catch((thrown: unknown) => {
          if (calledOff.signal.aborted) return;
          setAnswer((last) => ({ of: question, value: last?.value, fault: reportOf(thrown, where) }));
        });
    }, SETTLES_MS);
    return () => {
      clearTimeout(timer);
      calledOff.abort();
    };
  }, [question, returns]);
  const busy = question !== undefined && answer?.of !== question;
  return { value: answer?.value, fault: busy ? undefined : answer?.fault, busy };
}
