import { Card } from "../common/card";
import { formatFigure } from "../common/format";
import { useSight } from "./context";

/** The next value and the last one, and what was made of the series. */
export function Verdict() {
  const { shown } = useSight();
  const first = shown?.forecasts[0];
  const dates = shown?.task.reading.series.dates.slice(shown.task.known) ?? [];
  const last = (first?.point.length ?? 0) - 1;
  const rangeAt = (step: number) =>
    `80 %: ${figure(first?.quantiles["0.1"]?.[step])} to ${figure(first?.quantiles["0.9"]?.[step])}`;
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
          </>
        )}
      </section>
      <p class="verdict" role="status">
        {first !== undefined && first.form !== "" && `${first.form.charAt(0).toUpperCase()}${first.form.slice(1)}.`}
      </p>
    </>
  );
}

function figure(value: number | null | undefined): string {
  return formatFigure(value ?? Number.NaN, "");
}
