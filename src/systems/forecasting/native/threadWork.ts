import type { WorkContext, WorkHandlers } from "../../../platform/compute/work";
import { forecastColumns, pastColumns } from "../nixtla/columns";
import { payloadReaders } from "../nixtla/readPayload";
import { encodedAnomalies } from "./anomalies";
import { type EncodedPart, encodedForecasts } from "./encode";
import { type FinishRules, finished, type MadeRow } from "./finish";
import { judged } from "./judge";
import { type NeedsFile, type ReadTask, readAnomalies, readBacktest, readForecast } from "./readRequest";
import type { TaskSeries } from "./task";

const READERS = { forecast: readForecast, backtest: readBacktest, anomalies: readAnomalies, ...payloadReaders };

/** What can be asked of the service, and what reading it gives. */
export type Readers = typeof READERS;
export type TaskKind = keyof Readers;

export interface ReadInput {
  kind: TaskKind;
  body: Uint8Array;
  /** The file that the request names, once somebody has it. */
  file?: Uint8Array;
}

/** What all series have in common; the series themselves went ahead as partial results, in order. */
export type ReadHead = NeedsFile | Omit<ReadTask<unknown>, "series">;

export interface FinishInput {
  rows: readonly MadeRow[];
  rules: FinishRules;
}

/** Series that go from one thread to another in one message. */
const SERIES_OF_MESSAGE = 500;

/** The arithmetic of the service as a thread does it: reading requests, and making answers of forecasts. */
export const nativeWork = {
  "forecasting.read": ({ kind, body, file }: ReadInput, { emit }: WorkContext): ReadHead => {
    const task = READERS[kind](body, file);
    if ("source" in task) return task;
    const { head, series } = task;
    for (let from = 0; from < series.length; from += SERIES_OF_MESSAGE) {
      const part = series.slice(from, from + SERIES_OF_MESSAGE);
      emit(part, buffersOf(part));
    }
    return { head };
  },
  "forecasting.finish": ({ rows, rules }: FinishInput): EncodedPart =>
    encodedForecasts(
      rows.map((row) => finished(row, rules)),
      rules.levels,
    ),
  "forecasting.columns": forecastColumns,
  "forecasting.past": pastColumns,
  "forecasting.judge": judged,
  "forecasting.anomalies": encodedAnomalies,
} satisfies WorkHandlers;

function buffersOf(series: readonly TaskSeries[]): ArrayBuffer[] {
  return series.map(({ values }) => values.buffer as ArrayBuffer);
}
