import { useCallback, useEffect, useState } from "preact/hooks";
import { answerTo, type FaultReport, reportOf } from "../common/api";
import { useComebacks } from "../common/comebacks";
import type { Resource } from "../common/load";

/** A page of a list, and how many rows there are in all. */
export interface ListPage<Row> {
  rows: readonly Row[];
  total: number;
}

/** The list at `path` whose whole length is told by `X-Total-Count`. */
export function useList<Row>(path: string): Resource<ListPage<Row>> {
  const [value, setValue] = useState<ListPage<Row>>();
  const [fault, setFault] = useState<FaultReport>();
  const [asked, setAsked] = useState(0);
  const comebacks = useComebacks();
  useEffect(() => {
    const calledOff = new AbortController();
    ask<Row>(path, calledOff.signal)
      .then((page) => {
        setValue(page);
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

async function ask<Row>(path: string, signal: AbortSignal): Promise<ListPage<Row>> {
  const answer = await answerTo(path, { signal, headers: { accept: "application/json" } });
  const rows = (await answer.json()) as Row[];
  return { rows, total: Number(answer.headers.get("x-total-count") ?? rows.length) };
}
