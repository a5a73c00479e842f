import { useMemo } from "preact/hooks";
import type { ConditionCurvesAnswer } from "../../src/systems/epistemix/schema/page";
import { Chart } from "../common/chart/chart";
import type { ChartProps } from "../common/chart/model";
import { useStore } from "../common/store";
import { BAND_LABEL, bandAbout, daysOf, livelyStates, placedOn, stateIn } from "./curve-data";
import { chosenState } from "./place";
import { type JobCurves, useShown } from "./shown";
import { placeWords } from "./words";

const HEIGHT_PX = 150;
/** Looks come again after so many, in the same colours with other dashes: those of the other job. */
const LOOKS = 8;

/** Single runs of one state, all states, and where people were exposed; of two jobs where they are compared. */
export function CurveCharts() {
  const { own, other, condition } = useShown();
  const state = useStore(chosenState);
  const charts = useMemo(
    () => (own === undefined ? [] : chartsOf(jobsOf(own, other, condition), state)),
    [own, other, condition, state],
  );
  if (own === undefined) return null;
  return (
    <div class="charts epidemic-charts">
      {charts.map((chart) => (
        <Chart key={chart.name} {...chart} />
      ))}
    </div>
  );
}

interface DrawnJob extends JobCurves {
  condition: ConditionCurvesAnswer;
}

function jobsOf(own: JobCurves, other: JobCurves | undefined, name: string): DrawnJob[] {
  return [own, ...(other === undefined ? [] : [other])].flatMap((job) => {
    const condition = job.curves.conditions.find((found) => found.name === name);
    return condition === undefined ? [] : [{ ...job, condition }];
  });
}

function chartsOf(drawn: readonly DrawnJob[], state: string): ChartProps[] {
  if (drawn.length === 0) return [];
  const { places } = drawn[0]!.condition;
  const charts = [singleRuns(drawn, state), allStates(drawn)];
  return places.length === 0 ? charts : [...charts, byPlace(drawn)];
}

/** What tells the jobs apart, where there are two. */
const behind = (drawn: readonly DrawnJob[], id: number) => (drawn.length === 1 ? "" : `, job ${id}`);

function singleRuns(drawn: readonly DrawnJob[], chosen: string): ChartProps {
  const x = daysOf(drawn.map(({ curves }) => curves));
  const series: ChartProps["series"][number][] = [];
  const bands: NonNullable<ChartProps["bands"]>[number][] = [];
  let title = "";
  for (const [look, { id, curves, condition }] of drawn.entries()) {
    const state = stateIn(condition, title || chosen);
    if (state === undefined) continue;
    title ||= state.name;
    for (const [run, values] of state.single.entries()) {
      series.push({
        label: String(curves.runs[run]!.id),
        look,
        values: placedOn(x, curves, values),
      });
    }
    const label = `${BAND_LABEL}${behind(drawn, id)}`;
    bands.push(bandAbout(series.length - 1, label, x, curves, state.there));
  }
  return { name: "runs", title: `${title}, single runs`, unit: "people", x, series, bands, ...CHART };
}

/** Offices and schools are closed at weekends, so that single days would hide the course. */
const MEAN_LABEL = `${BAND_LABEL}, 7-day mean`;
const CHART = { heightPx: HEIGHT_PX, fromZero: true, canBeLog: true } as const;

interface Line {
  name: string;
  bands: ConditionCurvesAnswer["states"][number]["there"];
}

function allStates(drawn: readonly DrawnJob[]): ChartProps {
  const linesOf = (condition: ConditionCurvesAnswer) =>
    livelyStates(condition).map(({ name, there }) => ({ name, bands: there }));
  return { name: "states", title: "By state", unit: "people", ...medians(drawn, linesOf, BAND_LABEL), ...CHART };
}

function byPlace(drawn: readonly DrawnJob[]): ChartProps {
  const linesOf = ({ places }: ConditionCurvesAnswer) =>
    places.filter(({ total }) => total.high > 0).map(({ name, came }) => ({ name: placeWords(name), bands: came }));
  return {
    name: "places",
    title: "Exposed by place",
    unit: "people a day",
    ...medians(drawn, linesOf, MEAN_LABEL),
    ...CHART,
  };
}

/** The median of each line with its band, which the label names; those of the other job have the same colours and other dashes. */
function medians(drawn: readonly DrawnJob[], linesOf: (condition: ConditionCurvesAnswer) => Line[], bandLabel: string) {
  const x = daysOf(drawn.map(({ curves }) => curves));
  const names = [...new Set(drawn.flatMap(({ condition }) => linesOf(condition).map(({ name }) => name)))];
  const lines = drawn.flatMap(({ id, curves, condition }, job) =>
    linesOf(condition).map(({ name, bands }) => ({ name, bands, id, curves, look: names.indexOf(name) + job * LOOKS })),
  );
  return {
    x,
    series: lines.map(({ name, bands, id, curves, look }) => ({
      label: `${name}${behind(drawn, id)}`,
      look,
      values: placedOn(x, curves, bands.median),
    })),
    bands: lines.map(({ bands, curves }, of) => bandAbout(of, bandLabel, x, curves, bands)),
  };
}
