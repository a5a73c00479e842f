import { useMemo, useRef } from "preact/hooks";
import type { OutputName } from "../../src/systems/filecoin/schema/series";
import { postEvents } from "../common/answer-events";
import { type Latest, useLatest } from "./latest";

/** What the routes for many runs answer, as far as it is used here; docs/filecoin.md, "Many futures". */
export interface BatchAnswer {
  dates: { sampled: { step_days: number; count: number } };
  stamp: { engine: string; adapter?: string };
  runs: { total: number; done: number };
  bands?: { series: Partial<Record<OutputName, Record<ShareName, (number | null)[]>>> };
  points?: {
    days: number[];
    inputs: Record<string, number[]>;
    /** For each day the values of all runs. */
    series: Partial<Record<OutputName, (number | null)[][]>>;
  };
  warnings: { series?: string; reason: string }[];
}

export type ShareName = "p5" | "p25" | "p50" | "p75" | "p95";

/** An answer on its way: what there is of it, how far the runs are, and how long it took. */
export interface Study<Answer> {
  answer: Answer | undefined;
  done: number;
  total: number;
  elapsedS: number;
}

/**
 * The answer to `body`, asked for anew whenever it changes, with what comes early; nothing without a body. Until the
 * first of a new answer is here the one before it stays, so that nothing flickers.
 */
export function useStudy<Answer>(path: string, body: object | undefined): Latest<Study<Answer>> {
  const key = body && JSON.stringify(body);
  const last = useRef<Answer | undefined>(undefined);
  const study = useLatest<Study<Answer>>(key, `POST ${path}`, (signal, early) =>
    follow<Answer>(path, JSON.parse(key!), signal, early),
  );
  const answer = study.value?.answer ?? last.current;
  last.current = answer;
  const value = useMemo(() => study.value && { ...study.value, answer }, [study.value, answer]);
  return { ...study, value };
}

async function follow<Answer>(
  path: string,
  body: unknown,
  signal: AbortSignal,
  early: (study: Study<Answer>) => void,
): Promise<Study<Answer>> {
  const askedAt = performance.now();
  let study: Study<Answer> = { answer: undefined, done: 0, total: 0, elapsedS: 0 };
  for await (const { event, data } of postEvents(path, body, signal)) {
    const told: unknown = JSON.parse(data);
    if (event === "error") throw new Error((told as { detail: string }).detail);
    const elapsedS = (performance.now() - askedAt) / 1000;
    if (event === "progress") study = { ...study, ...(told as { done: number; total: number }), elapsedS };
    else study = { ...study, ...(told as Partial<BatchAnswer>).runs, answer: told as Answer, elapsedS };
    early(study);
  }
  if (study.answer === undefined) throw new Error("The answer of the server ended before it was whole.");
  return study;
}
