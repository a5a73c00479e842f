import { Badge } from "../common/badge";
import { Loading } from "../common/loading";
import { useSight } from "./context";
import { ageDays, OLD_AFTER_DAYS } from "./data-age";
import type { HistoricalData } from "./history";
import Warnings from "./warnings";

/** Where the figures come from, how old they are, and what the model had no number for. */
export default function DataTab() {
  const { history, run } = useSight();
  return (
    <>
      <Loading what="the history" loaded={history}>
        {(data) => <DataFacts data={data} />}
      </Loading>
      {run.value?.warnings.length === 0 && (
        <p class="quiet-text">The model has a number for every day of the four charts.</p>
      )}
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
