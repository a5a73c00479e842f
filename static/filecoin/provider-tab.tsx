import { Card } from "../common/card";
import { dateAxis } from "../common/chart/axis";
import { Chart } from "../common/chart/chart";
import { Fault } from "../common/fault";
import { formatDate, formatFigure, formatSigned } from "../common/format";
import { Slider } from "../common/slider";
import { numberCodec, useUrlState } from "../common/url-state";
import { type CashFlow, cashFlow } from "./cash-flow";
import { useSight } from "./context";
import { percentWords } from "./measures";
import { DAY_S, type Run, runCurl, useRun } from "./simulate";

const SERIES = ["day_pledge_per_QAP", "day_rewards_per_sector"] as const;

const QUALITIES = [
  { value: 1, words: "plain capacity, quality 1" },
  { value: 10, words: "verified deals, quality 10" },
];

/** What one TiB pays and earns from the day it is committed to the day its last reward is free. */
export default function ProviderTab() {
  const { scenario } = useSight();
  const run = useRun(scenario, SERIES);
  const [after, setAfter] = useUrlState("provider.after", numberCodec(0, 0, 3650));
  const [quality, setQuality] = useUrlState("provider.quality", numberCodec(10, 1, 10));
  const [cost, setCost] = useUrlState("provider.cost", numberCodec(0, 0, 100));
  return (
    <>
      <div class="settings">
        <Slider
          label="Begins after"
          unit="days"
          min={0}
          max={scenario.days - 1}
          step={1}
          value={Math.min(after, scenario.days - 1)}
          onChange={(days) => setAfter(Math.round(days))}
        />
        <Slider label="Costs" unit="FIL a year" min={0} max={10} step={0.01} value={cost} onChange={setCost} />
        <label class="choice">
          One TiB of
          <select value={quality} onChange={(event) => setQuality(Number(event.currentTarget.value))}>
            {QUALITIES.map(({ value, words }) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </div>
      {run.fault !== undefined && <Fault report={run.fault} />}
      {run.value !== undefined && (
        <Flow run={run.value} startDay={run.value.historyDays + after} quality={quality} cost={cost} />
      )}
    </>
  );
}

function Flow(props: { run: Run; startDay: number; quality: number; cost: number }) {
  const { scenario } = useSight();
  const { run, startDay } = props;
  const flow = cashFlow(run.series.day_pledge_per_QAP!, run.series.day_rewards_per_sector!, {
    startDay,
    durationDays: scenario.sector,
    quality: props.quality,
    costFilPerYear: props.cost,
  });
  const startS = run.x[0]! + startDay * DAY_S;
  return (
    <>
      <FlowCards flow={flow} startS={startS} durationDays={scenario.sector} />
      {flow.isCut && (
        <p class="stale-note">
          The forecast ends before the sector does: rewards after {formatDate(run.x.at(-1)!)} are missing. A longer
          horizon or an earlier begin shows all.
        </p>
      )}
      <Chart
        name="cash"
        axis={dateAxis("cash.zoom")}
        title="Cash flow of one TiB, summed up"
        unit="FIL"
        x={Float64Array.from(flow.cumulative, (_, day) => startS + day * DAY_S)}
        series={[
          { label: "in hand", values: flow.cumulative },
          { label: "rewards so far", values: runningSum(flow.rewards) },
        ]}
        marks={[{ at: startS + scenario.sector * DAY_S, label: "Sector ends, pledge returns" }]}
        curl={runCurl(scenario, SERIES)}
      />
    </>
  );
}

function FlowCards({ flow, startS, durationDays }: { flow: CashFlow; startS: number; durationDays: number }) {
  const net = flow.rewardFil - flow.costFil;
  const perYear = ((net / flow.pledgeFil) * 100 * 365) / durationDays;
  const black = flow.paidBackAfterDays;
  return (
    <div class="cards scorecard">
      <Card title="Pledge" figure={formatFigure(flow.pledgeFil, "FIL")} caption={`paid on ${formatDate(startS)}`} />
      <Card title="Rewards" figure={formatFigure(flow.rewardFil, "FIL")} caption={`over ${durationDays} days`} />
      <Card
        title="Net"
        figure={formatSigned(net, "FIL")}
        caption={flow.costFil === 0 ? "no costs set" : `after costs of ${formatFigure(flow.costFil, "FIL")}`}
        difference={`${percentWords(perYear)} a year on pledge`}
      />
      <Card
        title="In the black"
        figure={black === undefined ? "never" : formatDate(startS + black * DAY_S)}
        caption={black === undefined ? "costs are above rewards" : `after ${black} days, pledge included`}
      />
    </div>
  );
}

function runningSum(values: Float64Array): Float64Array<ArrayBuffer> {
  let sum = 0;
  return Float64Array.from(values, (value) => {
    sum += value;
    return sum;
  });
}
