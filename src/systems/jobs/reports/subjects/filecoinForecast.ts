import { epochDay, isoDateOf } from "../../../../numeric/calendar";
import type { Cell, Chart, KeyFigure, ReportSection, Table } from "../section";
import { writeAlone } from "../text/numbers";
import { type Names, nameOf } from "./names";
import { isNumber, isObject, memberAt, type Values, valuesOf } from "./shapes";

/** A series of a forecast with the dates of its values, in days from 1970-01-01. */
interface Series {
  title: string;
  unit: string;
  values: Values;
  startDay: number;
  stepDays: number;
}

interface ChartPlan {
  title: string;
  /** Series of one unit; the first one gives unit and dates. */
  members: readonly string[];
  scale?: "log";
}

/** The sections of a forecast and their charts. */
const PLAN: readonly [section: string, charts: readonly ChartPlan[]][] = [
  [
    "Supply",
    [{ title: "Circulating, available and locked", members: ["circ_supply", "available_supply", "network_locked"] }],
  ],
  [
    "Network power",
    [
      {
        title: "Quality-adjusted and raw power, and the baseline",
        members: ["network_QAP_EIB", "network_RBP_EIB", "network_baseline_EIB"],
        scale: "log",
      },
      { title: "Power onboarded and renewed", members: ["day_onboarded_power_QAP_PIB", "day_renewed_power_QAP_PIB"] },
    ],
  ],
  [
    "Pledge",
    [
      { title: "Locked pledge", members: ["network_locked_pledge"] },
      { title: "Pledge per sector", members: ["day_pledge_per_QAP"] },
    ],
  ],
  [
    "Minting and return",
    [
      { title: "Minted on the day", members: ["day_network_reward"] },
      { title: "One-year return on pledge", members: ["1y_sector_roi"] },
    ],
  ],
];
/** Key figures, and columns of the table. */
const HEADLINES = [
  "circ_supply",
  "network_locked",
  "network_RBP_EIB",
  "network_QAP_EIB",
  "day_network_reward",
  "1y_sector_roi",
];
const QUARTER_DAYS = 91.3125;

/** A run of the forecast model: the answer of `POST /simulate`. */
export function filecoinForecastSections(result: unknown, names: Names): ReportSection[] | undefined {
  const seriesOf = reader(result, names);
  const headlines = HEADLINES.flatMap((member) => seriesOf(member) ?? []);
  if (headlines.length === 0) return undefined;
  const charted = PLAN.map(([title, charts]) => ({ title, charts: charts.flatMap((plan) => chartOf(plan, seriesOf)) }));
  return [
    { title: "At the end of the forecast", keyFigures: headlines.map(headline) },
    ...charted.filter(({ charts }) => charts.length > 0),
    { title: "By quarter", tables: [quarterTable(headlines)] },
  ];
}

/** Reads series by name. The one-year series begin with the history, all others with the forecast. */
function reader(result: unknown, names: Names): (member: string) => Series | undefined {
  const output = memberAt(result, "simulation_output");
  const axes = ["forecast", "years"].map((axis) => memberAt(result, "dates", axis)).filter(isObject);
  return (member) => {
    const values = valuesOf(memberAt(output, member));
    const axis = axes.find(({ count }) => count === values?.length);
    const [first, step] = [axis?.["first_date"], axis?.["step_days"]];
    const startDay = typeof first === "string" ? epochDay(first) : undefined;
    if (values === undefined || startDay === undefined || !isNumber(step) || step <= 0) return undefined;
    return { ...nameOf(member, names), values, startDay, stepDays: step };
  };
}

function chartOf({ title, members, scale }: ChartPlan, seriesOf: (member: string) => Series | undefined): Chart[] {
  const series = members.flatMap((member) => seriesOf(member) ?? []);
  const [first] = series;
  if (first === undefined) return [];
  const { unit, startDay, stepDays } = first;
  const together = series.filter((one) => one.unit === unit && one.startDay === startDay);
  const lines = together.map((one) => ({ name: one.title, values: one.values }));
  return [{ kind: "line", title, unit, x: { startDay, stepDays }, series: lines, ...(scale && { scale }) }];
}

/** The last value; when that was, and the first one, stand below. */
function headline({ title, unit, values, startDay, stepDays }: Series): KeyFigure {
  const [first, last] = [values.findIndex(Number.isFinite), values.findLastIndex(Number.isFinite)];
  const date = (place: number) => isoDateOf(Math.round(startDay + place * stepDays));
  const note = `${date(last)}; on ${date(first)} ${writeAlone(values[first]!)}`;
  return { name: title, value: values[last]!, unit, note };
}

function quarterTable(series: readonly Series[]): Table {
  const { startDay, stepDays, values } = series[0]!;
  const endDay = startDay + (values.length - 1) * stepDays;
  const days = Array.from({ length: Math.floor((endDay - startDay) / QUARTER_DAYS) + 1 }, (_, i) =>
    Math.round(startDay + i * QUARTER_DAYS),
  );
  const valueAt = (one: Series, day: number): Cell =>
    one.values[Math.round((day - one.startDay) / one.stepDays)] ?? null;
  return {
    title: "",
    columns: [{ name: "Date" }, ...series.map(({ title, unit }) => ({ name: title, unit }))],
    rows: days.map((day) => [isoDateOf(day), ...series.map((one) => valueAt(one, day))]),
  };
}
