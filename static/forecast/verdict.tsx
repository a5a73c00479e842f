import type { BacktestAnswer } from "../../src/systems/forecasting/native/schema/answer";
import { Card } from "../common/card";
import { formatFigure } from "../common/format";
import type { Asked } from "./asked";
import { NAIVE, WINDOWS, windowsOf } from "./backtest";
import { useSight } from "./context";
import type { Task } from "./forecast";

/** The next value, the last one, and how good such a forecast would have been. */
export function Figures() {
  const { task, shown, verdict } = useSight();
  const { value } = verdict;
  const result = value?.results[0];
  const naive = value?.results.find(({ model }) => model === NAIVE)?.metrics.mase ?? null;
  const first = shown?.forecasts[0];
  const dates = shown?.task.reading.series.dates.slice(shown.task.known) ?? [];
  const last = (first?.point.length ?? 0) - 1;
  const rangeAt = (step: number) =>
    `80 %: ${figure(first?.quantiles["0.1"]?.[step])} to ${figure(first?.quantiles["0.9"]?.[step])}`;
  const [mase, coverage] = [result?.metrics.mase ?? null, result?.metrics.coverage ?? null];
  const windows = windowsOf(task.reading.series.values.length, task.horizon);
  return (
    <section class="cards scorecard" aria-label="Forecast in figures" aria-busy={first === undefined}>
      {first !== undefined && (
        <>
          <Card title={dates[0] ?? "Next step"} figure={figure(first.point[0])} caption={rangeAt(0)} />
          <Card title={dates[last] ?? `Step ${last + 1}`} figure={figure(first.point[last])} caption={rangeAt(last)} />
          <Card
            title="Past error (MASE)"
            figure={mase === null ? "–" : mase.toFixed(2)}
            caption={naive === null ? "no comparison yet" : `seasonal naive ${naive.toFixed(2)}`}
          />
          <Card
            title="80 % band held"
            figure={coverage === null ? "–" : `${Math.round(100 * coverage)} %`}
            caption={`in ${windows} windows of ${task.horizon}`}
          />
        </>
      )}
    </section>
  );
}

/** How good such a forecast would have been, in a sentence, and what was made of the series. */
export function Verdict() {
  const { task, shown, verdict } = useSight();
  const form = shown?.forecasts[0]?.form ?? "";
  return (
    <div>
      <p class="verdict" role="status">
        {verdictWords(task, verdict)}
      </p>
      {form !== "" && <p class="quiet-text">{`${form.charAt(0).toUpperCase()}${form.slice(1)}.`}</p>}
    </div>
  );
}

function verdictWords(task: Task, { value, fault, busy }: Asked<BacktestAnswer>): string {
  if (windowsOf(task.reading.series.values.length, task.horizon) === 0) {
    return `The history is too short to judge a forecast of ${task.horizon} steps.`;
  }
  if (fault !== undefined) return `Not judged: ${fault.what}`;
  if (value === undefined || busy) return `Judging the last ${WINDOWS} windows...`;
  return value.verdict;
}

function figure(value: number | null | undefined): string {
  return formatFigure(value ?? Number.NaN, "");
}
