import { SERIES_MEANINGS } from "../../src/systems/filecoin/seriesMeanings";
import { Badge } from "../common/badge";
import { parseDate } from "../common/format";
import { Loading } from "../common/loading";
import { useSight } from "./context";
import type { HistoricalData } from "./history";
import { DAY_S, type RunWarning } from "./simulate";

/** Older than this, figures of a network that moves daily are called old. */
const OLD_AFTER_DAYS = 7;

/** Days from the last day of the history to today. */
export function ageDays(currentDate: string): number {
  return Math.floor(Date.now() / 1000 / DAY_S) - parseDate(currentDate) / DAY_S;
}

/** Where the figures come from, how old they are, and what the model had no number for. */
export default function DataTab() {
  const { history, run } = useSight();
  return (
    <>
      <Loading what="the history" loaded={history}>
        {(data) => <DataFacts data={data} />}
      </Loading>
      <Warnings warnings={run.value?.warnings ?? []} />
    </>
  );
}

function DataFacts({ data }: { data: HistoricalData }) {
  const age = ageDays(data.current_date);
  const lists = Object.values(data.data).filter(Array.isArray).length;
  return (
    <dl class="facts">
      <dt>Source</dt>
      <dd>{data.source}</dd>
      <dt>History</dt>
      <dd>
        {data.start_date} to {data.current_date}, {lists} lists of figures
      </dd>
      <dt>Age</dt>
      <dd>
        {age} days {age > OLD_AFTER_DAYS && <Badge tone="stale">old</Badge>}
      </dd>
      {data.reanchored_by_days !== undefined && (
        <>
          <dt>Dates</dt>
          <dd>
            moved by {data.reanchored_by_days} days: the figures belong to earlier days than those they are shown at
          </dd>
        </>
      )}
      <dt>Figures</dt>
      <dd>
        <a href="/historical-data/full">as JSON</a>
      </dd>
    </dl>
  );
}

function Warnings({ warnings }: { warnings: readonly RunWarning[] }) {
  if (warnings.length === 0) return <p class="quiet-text">The model has a number for every day of the four charts.</p>;
  return (
    <ul class="warnings">
      {warnings.map(({ series, count, first_date, reason }) => (
        <li key={series} class="stale-note">
          {SERIES_MEANINGS[series].title}: no number on {count} {count === 1 ? "day" : "days"}, first on {first_date}:{" "}
          {reason}.
        </li>
      ))}
    </ul>
  );
}
