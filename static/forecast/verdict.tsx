import { Card } from "../common/card";
import { formatFigure } from "../common/format";
import { useStore } from "../common/store";
import { NAIVE, useBacktest, WINDOWS, windowsOf } from "./backtest";
import { useSight } from "./context";
import { modelId } from "./place";

/** The next value, the last one, and how good such a forecast would have been: three figures and a sentence. */
export function Verdict() {
  const { task, shown } = useSight();
  const backtest = useBacktest(task, [useStore(modelId())]);
  const result = backtest.value?.results[0];
  const naive = backtest.value?.results.find(({ model }) => model === NAIVE);
  const first = shown?.forecasts[0];
  const dates = shown?.task.reading.series.dates.slice(shown.task.known) ?? [];
  const last = (first?.point.length ?? 0) - 1;
  const rangeAt = (step: number) =>
    `80 %: ${figure(first?.quantiles["0.1"]?.[step])} to ${figure(first?.quantiles["0.9"]?.[step])}`;
  const mase = result?.metrics.mase ?? null;
  const coverage = result?.metrics.coverage ?? null;
  return (
    <>
      <section class="cards scorecard" aria-label="Forecast in figures" aria-busy={first === undefined}>
        {first !== undefined && (
          <>
            <Card title={dates[0] ?? "Next step"} figure={figure(first.point[0])} caption={rangeAt(0)} />
            <Card
              title={dates[last] ?? `Step ${last + 1}`}
              figure={figure(first.point[last])}
              caption={rangeAt(last)}
            />
            <Card
              title="Error in the past (MASE)"
              figure={mase === null ? "–" : mase.toFixed(2)}
              caption={
                naive?.metrics.mase == null ? "no-change forecast" : `seasonal naive ${naive.metrics.mase.toFixed(2)}`
              }
            />
            <Card
              title="80 % band held"
              figure={coverage === null ? "–" : `${Math.round(100 * coverage)} %`}
              caption={`of ${windowsOf(task.reading.series.values.length, task.horizon)} windows of ${task.horizon}`}
            />
          </>
        )}
      </section>
      <p class="verdict" role="status">
        {verdictWords(task, backtest, first?.form ?? "")}
      </p>
    </>
  );
}

function verdictWords(
  task: ReturnType<typeof useSight>["task"],
  { value, fault, busy }: ReturnType<typeof useBacktest>,
  form: string,
): string {
  const what = form === "" ? "" : `${form.charAt(0).toUpperCase()}${form.slice(1)}. `;
  if (windowsOf(task.reading.series.values.length, task.horizon) === 0) {
    return `${what}The history is too short to judge a forecast of ${task.horizon} steps.`;
  }
  if (fault !== undefined) return `${what}Not judged: ${fault.what}`;
  if (value === undefined || busy) return `${what}Judging the last ${WINDOWS} windows...`;
  return `${what}${value.verdict}`;
}

function figure(value: number | null | undefined): string {
  return formatFigure(value ?? Number.NaN, "");
}
