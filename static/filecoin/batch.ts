import { useMemo, useRef } from "preact/hooks";
import type { BatchAnswer } from "../../src/systems/filecoin/batch/schema/answers";
import { postEvents } from "../common/answer-events";
import { type Latest, useLatest } from "./latest";

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
