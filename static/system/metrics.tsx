import { useRef } from "preact/hooks";
import type { Statistics } from "../common/api";
import { Card } from "../common/card";
import { formatBytes, formatDuration, formatNumber } from "../common/format";
import { useRefreshed } from "../common/load";
import { Loading } from "../common/loading";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";

type Route = Statistics["routes"][number];
type Other = Statistics["others"][number];

const REFRESH_MS = 5000;
const REMEMBERED = 96;

const ROUTE_COLUMNS: Column<Route>[] = [
  { key: "route", title: "Route", value: ({ method, path }) => `${method} ${path}` },
  { key: "count", title: "Requests", value: ({ count }) => count },
  { key: "failed", title: "Failed", value: ({ failed }) => failed },
  { key: "p50", title: "Median", unit: "ms", decimals: 1, value: ({ p50Ms }) => p50Ms },
  { key: "p99", title: "99 of 100 under", unit: "ms", decimals: 1, value: ({ p99Ms }) => p99Ms },
];

const OTHER_COLUMNS: Column<Other>[] = [
  { key: "name", title: "Metric", value: ({ name }) => name, show: ({ name }) => <code>{name}</code> },
  {
    key: "value",
    title: "Value",
    value: ({ value }) => value,
    show: ({ value }) => formatNumber(value, Number.isInteger(value) ? 0 : 3),
  },
  { key: "meaning", title: "Meaning", wraps: true, value: ({ meaning }) => meaning },
];

/** Load, memory and delay of the process, each route with its times, and whatever else is counted. */
export function MetricsTab() {
  const metrics = useRefreshed<Statistics>("/api/system/metrics", REFRESH_MS);
  return (
    <Loading what="the metrics" loaded={metrics}>
      {(now) => <MetricsNow now={now} />}
    </Loading>
  );
}

function MetricsNow({ now }: { now: Statistics }) {
  const memory = useRecent(now, ({ memoryBytes }) => memoryBytes);
  const cpu = useRecent(now, ({ cpuShare }) => cpuShare);
  const delay = useRecent(now, ({ eventLoopDelayMs }) => eventLoopDelayMs.p99);
  const { p50, p99 } = now.eventLoopDelayMs;
  return (
    <>
      <div class="cards">
        <Card title="Memory" figure={formatBytes(now.memoryBytes)} caption="resident" recent={memory} />
        <Card
          title="Processor"
          figure={`${formatNumber(now.cpuShare * 100, 0)} %`}
          caption="of one core"
          recent={cpu}
        />
        <Card
          title="Event loop"
          figure={`${formatNumber(p99, 1)} ms`}
          caption={`99 of 100 waits are shorter; median ${formatNumber(p50, 1)} ms`}
          recent={delay}
        />
        <Card title="Running for" figure={formatDuration(now.uptimeS)} caption="since the last start" />
      </div>
      <section class="panel" aria-label="Routes">
        <h2>Routes</h2>
        <Table
          name="routes"
          caption="routes"
          columns={ROUTE_COLUMNS}
          rows={now.routes}
          keyOf={({ method, path }) => `${method} ${path}`}
          sort={{ key: "count", direction: "descending" }}
          empty={{ what: "Each route with its times would be here after its first request." }}
        />
      </section>
      <section class="panel" aria-label="Everything else that is counted">
        <h2>Everything else that is counted</h2>
        <Table
          name="metrics"
          caption="metrics"
          columns={OTHER_COLUMNS}
          rows={now.others}
          keyOf={({ name }) => name}
          empty={{ what: "Counters and gauges of the systems would be here." }}
        />
      </section>
    </>
  );
}

/** The last values of a figure, as far as this view has been open. */
function useRecent(now: Statistics, figure: (metrics: Statistics) => number): number[] {
  const seen = useRef<{ of: Statistics | null; values: number[] }>({ of: null, values: [] });
  if (seen.current.of !== now)
    seen.current = { of: now, values: [...seen.current.values, figure(now)].slice(-REMEMBERED) };
  return seen.current.values;
}
