import type { Bar } from "../../../../platform/charts";
import type { ReportSection, Table } from "../section";
import { type Names, nameOf } from "./names";
import { isNumber, isObject, type JsonObject, memberAt } from "./shapes";

/** What each input does to each series: the answer of `POST /simulate/sensitivity`, of which the last day is shown. */
export function filecoinSensitivitySections(result: unknown, names: Names): ReportSection[] | undefined {
  const effects = objectsOf(memberAt(result, "effects"));
  const centres = objectsOf(memberAt(result, "centres"));
  const series = [...new Set(effects.flatMap(({ series }) => (typeof series === "string" ? [series] : [])))];
  const sections = series.flatMap((member) => {
    const own = effects.filter((effect) => effect["series"] === member);
    // Some series, such as the return over the year to come, have no value on the last days.
    const days = own.flatMap(({ day, at_low }) => (isNumber(day) && isNumber(at_low) ? [day] : []));
    if (days.length === 0) return [];
    const lastDay = days.reduce((last, day) => Math.max(last, day));
    const centre = centres.find((one) => one["series"] === member && one["day"] === lastDay)?.["value"];
    return [seriesSection({ member, lastDay, centre, effects: own, names })];
  });
  return sections.length > 0 ? sections : undefined;
}

interface Study {
  member: string;
  lastDay: number;
  centre: unknown;
  effects: readonly JsonObject[];
  names: Names;
}

function seriesSection({ member, lastDay, centre, effects, names }: Study): ReportSection {
  const { title, unit } = nameOf(member, names);
  const last = effects.filter(({ day }) => day === lastDay);
  const inputOf = (effect: JsonObject) => nameOf(String(effect["input"]), names).title;
  const bars = (lowName: string, highName: string): Bar[] =>
    last.map((effect) => ({ name: inputOf(effect), low: number(effect[lowName]), high: number(effect[highName]) }));
  const byReach = bars("at_low", "at_high").sort((a, b) => reachOf(b) - reachOf(a));
  return {
    title,
    keyFigures: [
      { name: "With all inputs as they are", value: isNumber(centre) ? centre : null, unit, note: `day ${lastDay}` },
    ],
    charts: [
      {
        kind: "bars",
        title: "With one input at an end of its range",
        unit,
        bars: byReach,
        ends: { low: "input low", high: "input high" },
        ...(isNumber(centre) && { base: centre }),
      },
      {
        kind: "bars",
        title: "Share of the variance that an input explains",
        unit: "",
        bars: bars("first_order", "total"),
        ends: { low: "first-order (S1)", high: "total effect (ST)" },
      },
    ],
    tables: [effectTable(effects, inputOf, unit)],
  };
}

function effectTable(effects: readonly JsonObject[], inputOf: (effect: JsonObject) => string, unit: string): Table {
  const figures = ["rank_correlation", "first_order", "first_order_error", "total", "total_error", "at_low", "at_high"];
  return {
    title: "Effects by day",
    columns: [
      { name: "Day" },
      { name: "Input" },
      { name: "Rank correlation" },
      { name: "S1" },
      { name: "S1 error" },
      { name: "ST" },
      { name: "ST error" },
      { name: "Input low", unit },
      { name: "Input high", unit },
    ],
    rows: effects.map((effect) => [
      isNumber(effect["day"]) ? effect["day"] : null,
      inputOf(effect),
      ...figures.map((name) => number(effect[name])),
    ]),
  };
}

function reachOf(bar: Bar): number {
  return "low" in bar ? Math.abs(bar.high - bar.low) || 0 : 0;
}

function number(value: unknown): number {
  return isNumber(value) ? value : Number.NaN;
}

function objectsOf(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
