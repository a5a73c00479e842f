import { useCallback, useEffect, useState } from "preact/hooks";
import { type FaultReport, getJson, reportOf } from "./api";
import { useComebacks } from "./comebacks";

/** An answer of the server on its way: what there is so far, and what went wrong with the last try. */
export interface Resource<T> {
  value: T | undefined;
  fault: FaultReport | undefined;
  /** Asks again; what was there stays until the new answer has come. */
  reload(): void;
}

/** The JSON at `path`, asked for when the component appears, when `path` changes, and when the server comes back. */
export function useLoaded<T>(path: string): Resource<T> {
  const [value, setValue] = useState<T | undefined>();
  const [fault, setFault] = useState<FaultReport | undefined>();
  const [asked, setAsked] = useState(0);
  const comebacks = useComebacks();
  useEffect(() => {
    const calledOff = new AbortController();
    getJson<T>(path, calledOff.signal)
      .then((answer) => {
        setValue(() => answer);
        setFault(undefined);
      })
      .catch((thrown: unknown) => {
        if (!calledOff.signal.aborted) setFault(reportOf(thrown, path));
      });
    return () => calledOff.abort();
  }, [path, asked, comebacks]);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { value, fault, reload };
}

/** The same, asked for again and again while the page is seen, until an answer is final. */
export function useRefreshed<T>(
  path: string,
  everyMs: number,
  isFinal: (answer: T) => boolean = () => false,
): Resource<T> {
  const loaded = useLoaded<T>(path);
  const { value, reload } = loaded;
  const done = value !== undefined && isFinal(value);
  useEffect(() => {
    if (done) return;
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs, done]);
  return loaded;
}
