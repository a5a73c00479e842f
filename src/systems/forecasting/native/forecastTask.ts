import { RequestError } from "../../../platform/errors";
import { VERSION } from "../../../platform/version";
import type { ModelTraits, Warning } from "../model";
import type { Admission, Admitted } from "./admission";
import type { EncodedPart } from "./encode";
import { inOrder } from "./inOrder";
import { type LevelPlan, planLevels } from "./levels";
import { finishRules, type Making, madeRows } from "./makeRows";
import type { OpenedModel } from "./openedModel";
import { packsOf } from "./packs";
import type { ReadTask } from "./readRequest";
import type { TaskHead, TaskWarning } from "./task";
import type { Threads } from "./threads";

/** An answer in parts: what was asked, the members of its list as they are made, and what is told beside them. */
export interface AnswerParts {
  head: { model: string; horizon: number; count: number };
  parts: AsyncGenerator<EncodedPart>;
  /** Members of the answer beside its list; whole once the parts are. */
  rest: () => Record<string, unknown>;
}

/** With what the tasks of the service are done. */
export interface Means {
  threads: Threads;
  admission: Admission;
  signal: AbortSignal;
}

/** Numbers that one answer may have. */
const MAX_ANSWER_NUMBERS = 50_000_000;
/** Columns of the widest output of a model. */
const FULL_COLUMNS = 10;
/** Warnings of one answer that are told one by one. */
const MAX_WARNINGS = 1000;

/** Forecasts the series of a task. @throws RequestError for levels, a horizon or a size that does not do; 503 */
export function forecastTask({ head, series }: ReadTask<TaskHead>, opened: OpenedModel, means: Means): AnswerParts {
  const { model } = opened;
  const { threads } = means;
  refuseHorizon(head, model.traits);
  const plan = planLevels(head.levels, model.traits, head.options.calibrate);
  const numbers = head.horizon * (1 + head.levels.length + (head.options.full ? FULL_COLUMNS : 0));
  refuseSize(numbers * series.length);
  const { conditions, stop } = begun(means, means.admission.admit(series, 1));
  const making: Making = { model, head, plan, fit: threads.fit(conditions), ...conditions };
  const rules = finishRules(making);
  const isOneFit = head.hasCovariates && head.options.fit_scope === "batch";
  const packs = isOneFit ? [{ from: 0, series }] : packsOf(series, numbers);
  const work = async (pack: (typeof packs)[number]) =>
    threads.finish({ rows: await madeRows(making, pack), rules }, conditions);
  const warnings = [...head.warnings, ...opened.warnings, ...plannedWarnings(head, model.traits, plan)];
  return {
    head: { model: head.model, horizon: head.horizon, count: series.length },
    parts: gathering(inOrder(packs, threads.width, work, stop), warnings),
    rest: () => restOf(head, opened, warnings),
  };
}

/** Work that is under way. */
export interface Begun {
  conditions: Pick<Making, "signal" | "priority">;
  /** Ends what is still being worked on; called once, at the end whatever it is. */
  stop: () => void;
}

/** Work that its caller may end, and its failure. */
export function begun({ signal }: Pick<Means, "signal">, { priority, done }: Admitted): Begun {
  const stopped = new AbortController();
  const stop = () => {
    stopped.abort();
    done();
  };
  return { conditions: { signal: AbortSignal.any([signal, stopped.signal]), priority }, stop };
}

/** The members of an answer beside its list. */
export function restOf(head: TaskHead, { model, stamp }: OpenedModel, warnings: readonly TaskWarning[]) {
  const { id, family } = model.traits;
  return {
    ...(head.read && { data: { read: head.read } }),
    warnings: told(warnings),
    stamp: { program: `foresight ${VERSION}`, model: id, family, ...stamp, horizon: head.horizon },
  };
}

async function* gathering(parts: AsyncGenerator<EncodedPart>, warnings: TaskWarning[]): AsyncGenerator<EncodedPart> {
  for await (const part of parts) {
    warnings.push(...part.warnings);
    yield part;
  }
}

function told(warnings: readonly TaskWarning[]): TaskWarning[] {
  if (warnings.length <= MAX_WARNINGS) return [...warnings];
  const left = warnings.length - MAX_WARNINGS;
  return [
    ...warnings.slice(0, MAX_WARNINGS),
    { code: "more_warnings", message: `${left} more warnings are left out.` },
  ];
}

function plannedWarnings({ horizon }: TaskHead, traits: ModelTraits, plan: LevelPlan): Warning[] {
  const { title, runHorizon } = traits;
  const beyond = `${title} says ${runHorizon} steps at a time: the ${horizon} steps are made of several runs, each fed with those before.`;
  const between = `No quantile of ${title} is at ${plan.between.join(", ")}: these lie on a line between their neighbours.`;
  const conformal = `${plan.conformal.join(", ")} lie beyond the quantiles of ${title}: they are made of its past errors.`;
  return [
    ...(horizon > runHorizon ? [{ code: "horizon_beyond_model", message: beyond }] : []),
    ...(plan.between.length > 0 ? [{ code: "levels_interpolated", message: between }] : []),
    ...(plan.conformal.length > 0 ? [{ code: "levels_calibrated", message: conformal }] : []),
  ];
}

function refuseHorizon({ horizon }: TaskHead, { title, maxHorizon }: ModelTraits): void {
  if (horizon <= maxHorizon) return;
  throw new RequestError(422, `The horizon is ${horizon}; ${title} forecasts 1 to ${maxHorizon} steps.`);
}

function refuseSize(numbers: number): void {
  if (numbers <= MAX_ANSWER_NUMBERS) return;
  const told = `The answer would have ${numbers} numbers; the limit is ${MAX_ANSWER_NUMBERS}`;
  throw new RequestError(413, `${told}: ask for fewer series, steps or levels.`);
}
