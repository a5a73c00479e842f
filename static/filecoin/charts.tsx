import type { OutputName } from "../../src/systems/filecoin/schema/series";
import { Chart } from "../common/chart/chart";
import type { ChartBand, ChartMark, ChartProps } from "../common/chart/model";
import { formatDate } from "../common/format";
import type { Pin } from "./pins";
import type { Scenario } from "./scenario";
import { crossingDay } from "./score";
import { type Column, type Run, runBody, runCurl, useRuns } from "./simulate";

/** A chart of a run: which of its series it shows. */
interface RunSight {
  name: string;
  title: string;
  unit: string;
  /** The first is the one that pins and bands are drawn for. */
  lines: readonly (readonly [OutputName, label: string])[];
  canBeLog?: true;
  logAtFirst?: true;
}

/** The four charts of the first sight. */
export const SIGHTS: readonly RunSight[] = [
  {
    name: "supply",
    title: "Supply",
    unit: "FIL",
    lines: [
      ["circ_supply", "circulating"],
      ["cum_network_reward", "minted"],
      ["network_gas_burn", "burnt"],
    ],
    canBeLog: true,
  },
  {
    name: "power",
    title: "Power against baseline",
    unit: "EiB",
    lines: [
      ["network_RBP_EIB", "raw"],
      ["network_QAP_EIB", "quality-adjusted"],
      ["network_baseline_EIB", "baseline"],
    ],
    canBeLog: true,
    logAtFirst: true,
  },
  {
    name: "locked",
    title: "Locked and pledge",
    unit: "FIL",
    lines: [
      ["network_locked", "locked"],
      ["network_locked_pledge", "pledge"],
      ["network_locked_reward", "rewards"],
    ],
  },
  {
    name: "returns",
    title: "One-year return on pledge",
    unit: "%",
    lines: [["1y_sector_roi", "return"]],
    canBeLog: true,
  },
];

/** All series of the four charts: what a run of the page is asked for. */
export const SHOWN_SERIES: readonly OutputName[] = SIGHTS.flatMap(({ lines }) => lines.map(([series]) => series));

/** A run beside that of the page, with how it is drawn. */
export interface Beside {
  label: string;
  look: number;
  run: Run;
}

const HEIGHT_PX = 208;

/** The bands about the first line of a chart. */
export type BandsOf = (run: Run, name: OutputName) => ChartBand[];

interface SightChartsProps {
  scenario: Scenario;
  run: Run | undefined;
  beside: readonly Beside[];
  bands: BandsOf | undefined;
}

/** The four charts with the run of the page, its bands and the runs beside it. */
export function SightCharts(props: SightChartsProps) {
  return (
    <div class="charts sights">
      {SIGHTS.map((sight) =>
        props.run === undefined ? (
          <section key={sight.name} class="chart awaited" aria-label={sight.title} aria-busy="true">
            <h2>{sight.title}</h2>
          </section>
        ) : (
          <Chart key={sight.name} {...runChart(sight, props.scenario, props.run, props.beside, props.bands)} />
        ),
      )}
    </div>
  );
}

/** The runs of the pins, as far as they are here, with the names and colours of the pins. */
export function usePinnedRuns(pins: readonly Pin[], names: readonly OutputName[]) {
  const asked = pins.map(({ scenario }) => scenario);
  const { value, fault } = useRuns(asked, names);
  const beside = pins.flatMap(({ letter, look, scenario }): (Beside & { scenario: Scenario })[] => {
    const body = runBody(scenario, names);
    const run = value?.find((found) => found.body === body);
    return run === undefined ? [] : [{ label: letter, look, run, scenario }];
  });
  return { beside, fault };
}

/** What the chart shows, as the parts want it; of the runs beside it the first series. */
export function runChart(
  sight: RunSight,
  scenario: Scenario,
  run: Run,
  beside: readonly Beside[],
  bandsOf: BandsOf = () => [],
): ChartProps {
  const longest = beside.reduce((long, { run: other }) => (other.x.length > long.x.length ? other : long), run);
  const days = longest.x.length;
  const [key] = sight.lines[0]!;
  const own = sight.lines.map(([name, label], look) => ({ label, look, values: padded(run.series[name]!, days) }));
  const others = beside.map(({ label, look, run: other }) => ({
    label,
    look,
    values: padded(other.series[key]!, days),
  }));
  return {
    ...sight,
    x: longest.x,
    series: [...own, ...others],
    bands: bandsOf(run, key).map((band) => ({ ...band, low: padded(band.low, days), high: padded(band.high, days) })),
    boundary: { at: run.x[run.historyDays]!, label: `Forecast from ${formatDate(run.x[run.historyDays]!)}` },
    marks: sight.name === "power" ? crossingMarks(run) : [],
    heightPx: HEIGHT_PX,
    curl: runCurl(
      scenario,
      sight.lines.map(([name]) => name),
    ),
  };
}

function crossingMarks(run: Run): ChartMark[] {
  const day = crossingDay(run);
  return day === undefined ? [] : [{ at: run.x[day]!, label: `Crosses the baseline ${formatDate(run.x[day]!)}` }];
}

const paddedColumns = new WeakMap<Column, Column>();

/** The column with gaps after its end, up to that length. */
function padded(column: Column, length: number): Column {
  if (column.length === length) return column;
  const known = paddedColumns.get(column);
  if (known?.length === length) return known;
  const longer = new Float64Array(length).fill(Number.NaN);
  longer.set(column);
  paddedColumns.set(column, longer);
  return longer;
}
