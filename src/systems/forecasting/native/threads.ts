import type { WorkConditions, WorkPool } from "../../../platform/compute/pool";
import type { RunFit } from "../covariates/forecast";
import type { ColumnsPart, ForecastColumnsInput, PastColumnsInput } from "../nixtla/columns";
import type { AnomaliesInput } from "./anomalies";
import type { EncodedPart } from "./encode";
import type { JudgedPart, JudgeInput } from "./judge";
import type { TaskSeries } from "./task";
import type { FinishInput, Readers, ReadHead, ReadInput, TaskKind } from "./threadWork";

/** Where the arithmetic of the service is done. */
export interface Threads {
  /** Pieces of work that are worth being begun at a time. */
  width: number;
  /** @throws RequestError for a request that is refused */
  read<Kind extends TaskKind>(
    input: ReadInput & { kind: Kind },
    signal: AbortSignal,
  ): Promise<ReturnType<Readers[Kind]>>;
  finish(input: FinishInput, conditions: Conditions): Promise<EncodedPart>;
  judge(input: JudgeInput, conditions: Conditions): Promise<JudgedPart>;
  anomalies(input: AnomaliesInput, conditions: Conditions & { costMs: number }): Promise<EncodedPart>;
  columns(input: ForecastColumnsInput, conditions: Conditions): Promise<ColumnsPart>;
  past(input: PastColumnsInput, conditions: Conditions & { costMs: number }): Promise<ColumnsPart>;
  fit(conditions: Conditions): RunFit;
}

export type Conditions = Pick<WorkConditions, "signal" | "priority">;

/** Of one core, for each byte of a request. */
const READ_MS_PER_BYTE = 1e-4;
const MAX_COPIED_BYTES = 256 * 1024;
const FINISH_MS = 5;
const FIT_MS = 5;

export function pooledThreads(pool: WorkPool): Threads {
  return {
    get width() {
      return pool.load().workers + 1;
    },
    async read(input, signal) {
      const parts: TaskSeries[][] = [];
      const { body, file } = input;
      const costMs = 1 + READ_MS_PER_BYTE * (body.byteLength + (file?.byteLength ?? 0));
      const onPartial = (part: unknown) => parts.push(part as TaskSeries[]);
      // A request that names a file is read again, and is short.
      const transfer = body.byteLength > MAX_COPIED_BYTES ? [body.buffer as ArrayBuffer] : [];
      const head = await pool.run({ kind: "forecasting.read", input, costMs, onPartial, signal, transfer });
      return joined(head, parts.flat());
    },
    finish: (input, conditions) => pool.run({ kind: "forecasting.finish", input, costMs: FINISH_MS, ...conditions }),
    judge: (input, conditions) => pool.run({ kind: "forecasting.judge", input, costMs: FINISH_MS, ...conditions }),
    anomalies: (input, conditions) => pool.run({ kind: "forecasting.anomalies", input, ...conditions }),
    columns: (input, conditions) => pool.run({ kind: "forecasting.columns", input, costMs: FINISH_MS, ...conditions }),
    past: (input, conditions) => pool.run({ kind: "forecasting.past", input, ...conditions }),
    fit: (conditions) => (input) =>
      pool.run({ kind: "forecasting.covariates", input, costMs: FIT_MS * input.series.length, ...conditions }),
  };
}

/** A task of what a thread gave of it. */
export function joined<Answer>(head: ReadHead, series: TaskSeries[]): Answer {
  return ("source" in head ? head : { ...head, series }) as Answer;
}
