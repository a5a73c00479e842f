import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { CurvesAnswer, ShownJob } from "../../src/systems/epistemix/schema/page";
import { type FaultReport, getJson, reportOf } from "../common/api";
import { useComebacks } from "../common/comebacks";
import { at } from "./session";

/** Curves of a job, as far as it has any. */
export interface JobCurves {
  id: number;
  curves: CurvesAnswer;
}

/** The job of the page with its curves, and the one that it is held against. */
export interface Shown {
  job: ShownJob;
  own: JobCurves | undefined;
  other: JobCurves | undefined;
  /** The condition that is drawn. */
  condition: string;
}

const context = createContext<Shown | undefined>(undefined);
export const ShownContext = context.Provider;

/** What the views of a job show; only below a job that was loaded. */
export function useShown(): Shown {
  return useContext(context)!;
}

/** The curves of a job's configuration, asked for anew at each `version`; none of job nought. */
export function useCurves(
  id: number,
  configuration: number,
  version: string,
): { value: JobCurves | undefined; fault: FaultReport | undefined } {
  const [value, setValue] = useState<JobCurves>();
  const [fault, setFault] = useState<FaultReport>();
  const comebacks = useComebacks();
  useEffect(() => {
    setFault(undefined);
    if (id === 0 || version === "") return;
    const calledOff = new AbortController();
    const path = at(`/jobs/${id}/curves?configuration=${configuration}`);
    getJson<CurvesAnswer>(path, calledOff.signal)
      .then((curves) => setValue({ id, curves }))
      .catch((thrown: unknown) => {
        if (!calledOff.signal.aborted) setFault(reportOf(thrown, path));
      });
    return () => calledOff.abort();
  }, [id, configuration, version, comebacks]);
  return { value: value?.id === id ? value : undefined, fault };
}

/** The condition of that name; else the one that most were exposed to, else the first. */
export function conditionIn(curves: CurvesAnswer | undefined, name: string): string {
  const all = curves?.conditions ?? [];
  const named = all.find((condition) => condition.name === name);
  const spread = all.toSorted((a, b) => (b.exposed?.median ?? -1) - (a.exposed?.median ?? -1))[0];
  return (named ?? spread)?.name ?? "";
}
