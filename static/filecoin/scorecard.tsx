import { Card } from "../common/card";
import { formatDate } from "../common/format";
import { percentWords } from "./measures";
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
        figure={percentWords(inflationPercent(run, today))}
        caption="in the next year"
        difference={`${percentWords(inflationPercent(run, lastYear))} in the last`}
        recent={weekly(run, inflationPercent)}
      />
      <Card
        title="Lock ratio"
        figure={percentWords(lockedPercent(run, today))}
        caption="of supply, today"
        difference={`${percentWords(lockedPercent(run, last))} at the end`}
        recent={weekly(run, lockedPercent)}
      />
      <Card title="Baseline crossing" {...crossingFigure(run)} recent={weekly(run, baselinePercent)} />
      <Card
        title="Return"
        figure={percentWords(returnPercent(run, today))}
        caption="in a year from today"
        difference={`${percentWords(returnPercent(run, lastYear))} in the last`}
        recent={weekly(run, returnPercent)}
      />
    </>
  );
}

function crossingFigure(run: Run): { figure: string; caption: string; difference: string } {
  const day = crossingDay(run);
  const share = (of: number) => percentWords(baselinePercent(run, of));
  return {
    figure: day === undefined ? "none" : formatDate(run.x[day]!),
    caption: `power ${share(run.historyDays)} of it`,
    difference: `${share(run.x.length - 1)} at the end`,
  };
}
