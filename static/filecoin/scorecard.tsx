import { Card } from "../common/card";
import { formatDate, formatNumber } from "../common/format";
import {
  baselinePercent,
  crossingDay,
  inflationPercent,
  lockedPercent,
  returnPercent,
  weekly,
  YEAR_DAYS,
} from "./score";
import type { Run } from "./simulate";

/** Inflation, lock ratio, baseline crossing and return: today, and where the forecast ends. */
export function Scorecard({ run }: { run: Run | undefined }) {
  return (
    <section class="cards scorecard" aria-label="Scorecard" aria-busy={run === undefined}>
      {run !== undefined && <Scores run={run} />}
    </section>
  );
}

function Scores({ run }: { run: Run }) {
  const today = run.historyDays;
  const last = run.x.length - 1;
  const lastYear = Math.max(today, last - YEAR_DAYS);
  return (
    <>
      <Card
        title="Inflation"
        figure={percent(inflationPercent(run, today))}
        caption="of circulating supply in the next year"
        difference={`last ${percent(inflationPercent(run, lastYear))}`}
        recent={weekly(run, inflationPercent)}
      />
      <Card
        title="Lock ratio"
        figure={percent(lockedPercent(run, today))}
        caption="locked of circulating, today"
        difference={`at the end ${percent(lockedPercent(run, last))}`}
        recent={weekly(run, lockedPercent)}
      />
      <Card title="Baseline crossing" {...crossingFigure(run)} recent={weekly(run, baselinePercent)} />
      <Card
        title="Return"
        figure={percent(returnPercent(run, today))}
        caption="on pledge in one year, begun today"
        difference={`begun last ${percent(returnPercent(run, lastYear))}`}
        recent={weekly(run, returnPercent)}
      />
    </>
  );
}

function crossingFigure(run: Run): { figure: string; caption: string; difference: string } {
  const day = crossingDay(run);
  const last = run.x.length - 1;
  const share = `${percent(baselinePercent(run, last))} at the end`;
  const today = percent(baselinePercent(run, run.historyDays));
  const caption = `raw power is ${today} of it today,`;
  if (day !== undefined) return { figure: formatDate(run.x[day]!), caption, difference: share };
  return { figure: "none", caption, difference: share };
}

function percent(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return `${formatNumber(value, Math.abs(value) < 100 ? (Math.abs(value) < 10 ? 2 : 1) : 0)} %`;
}
