import { useMemo } from "preact/hooks";
import type { HashrateSample } from "../../src/systems/market/schema/statistics";
import { numberAxis, type SharedAxis } from "../common/chart/axis";
import { Chart } from "../common/chart/chart";
import { Empty } from "../common/empty";
import { formatNumber } from "../common/format";
import { useRefreshed } from "../common/load";
import { Loading } from "../common/loading";
import { choiceCodec, useUrlState } from "../common/url-state";
import { serverNowS } from "./fleet";

const HOURS = ["1", "6", "24"] as const;
/** The market takes a sample every thirty seconds. */
const REFRESH_MS = 30_000;

/** The sampled hash rate of one worker over the last hours. */
export default function HashrateChart({ workerId }: { workerId: string }) {
  const [hours, setHours] = useUrlState("hours", choiceCodec(HOURS, "1"));
  const query = new URLSearchParams({ worker_id: workerId, hours });
  const samples = useRefreshed<readonly HashrateSample[]>(`/api/monitoring/hashrate-history?${query}`, REFRESH_MS);
  return (
    <section class="panel" aria-label="Hash rate over time">
      <label class="row quiet-text chart-span">
        The last
        <select value={hours} onChange={(event) => setHours(event.currentTarget.value as (typeof HOURS)[number])}>
          {HOURS.map((name) => (
            <option key={name} value={name}>
              {name === "1" ? "hour" : `${name} hours`}
            </option>
          ))}
        </select>
      </label>
      <Loading what="the samples" loaded={samples}>
        {(values) => <Samples samples={values} hours={Number(hours)} />}
      </Loading>
    </section>
  );
}

function Samples({ samples, hours }: { samples: readonly HashrateSample[]; hours: number }) {
  const unit = hours === 1 ? MINUTES : HOURS_UNIT;
  const axis = useMemo<SharedAxis>(
    () => ({ ...numberAxis(unit.name), format: (ago) => `${formatNumber(-ago, 1)} ${unit.name} ago` }),
    [unit],
  );
  const columns = useMemo(() => columnsOf(samples, unit.seconds, (hours * 3600) / unit.seconds), [samples, unit]);
  if (samples.length < 2) {
    return (
      <Empty what="The hash rate in H/s would be here. A sample is taken every 30 s while the worker is online; two make a line." />
    );
  }
  return <Chart name="hashrate" title="Hash rate" unit="H/s" axis={axis} heightPx={200} {...columns} />;
}

const MINUTES = { name: "min", seconds: 60 };
const HOURS_UNIT = { name: "h", seconds: 3600 };

/** Over the whole span, be it only the end of it that there are samples of. */
function columnsOf(samples: readonly HashrateSample[], unitS: number, span: number) {
  const nowS = serverNowS();
  const x = Float64Array.from([-span, ...samples.map(({ timestamp }) => (timestamp - nowS) / unitS)]);
  const values = Float64Array.from([Number.NaN, ...samples.map(({ hashrate }) => hashrate)]);
  return { x, series: [{ label: "sampled", values }] };
}
