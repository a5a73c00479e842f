import type { Chart, KeyFigure, ReportSection } from "../section";
import { axisFor } from "./axis";
import { fanChart, figureWithRange } from "./fanChart";
import { isNumber, isObject, memberAt, quantileBands, quantileFigures, type Values, valuesOf } from "./shapes";

/** Compartments of the model in the order in which people pass through them. */
const COMPARTMENTS: readonly [member: string, name: string][] = [
  ["susceptible", "Susceptible"],
  ["exposed", "Exposed"],
  ["infectious", "Infectious"],
  ["recovered", "Recovered"],
];

/** Replicates of a stochastic SEIR epidemic: `{days, curves: {infectious: {p5, ..., p95}, ...}, peak_day, ...}`. */
export function epidemicSections(result: unknown): ReportSection[] | undefined {
  const curves = memberAt(result, "curves");
  const infectious = quantileBands(memberAt(curves, "infectious"));
  if (!isObject(result) || infectious === undefined) return undefined;
  const x = axisFor(infectious.middle.length, [result]);
  const incidence = quantileBands(memberAt(curves, "incidence"));
  const rt = valuesOf(memberAt(result, "rt"));
  const medians = COMPARTMENTS.flatMap(([member, name]): { name: string; values: Values }[] => {
    const bands = quantileBands(memberAt(curves, member));
    return bands?.middle.length === infectious.middle.length ? [{ name, values: bands.middle }] : [];
  });
  const people = "people";
  const charts: [section: string, chart: Chart | undefined][] = [
    ["Epidemic curve", fanChart({ title: "Infectious", unit: people, x, bands: infectious })],
    ["Epidemic curve", incidence && fanChart({ title: "New infections", unit: "people/day", x, bands: incidence })],
    [
      "Course of the epidemic",
      { kind: "line", title: "Medians of all compartments", unit: people, x, series: medians },
    ],
    [
      "Reproduction number",
      rt && {
        kind: "line",
        title: "Reproduction number over time",
        unit: "",
        x: axisFor(rt.length, [result]),
        series: [{ name: "Rt", values: rt }],
      },
    ],
  ];
  const titles = ["Epidemic curve", "Course of the epidemic", "Reproduction number"];
  const charted = titles.map((title) => ({
    title,
    charts: charts.flatMap(([section, chart]) => (section === title && chart ? [chart] : [])),
  }));
  return [
    { title: "At a glance", keyFigures: keyFigures(result) },
    ...charted.filter(({ charts }) => charts.length > 0),
  ];
}

function keyFigures(result: unknown): KeyFigure[] {
  const figures: [member: string, name: string, unit: string][] = [
    ["r0", "Reproduction number R0", ""],
    ["peak_day", "Peak", "day"],
    ["peak_infectious", "Infectious at the peak", "people"],
    ["attack_rate", "Attack rate", "share"],
  ];
  const replicates = memberAt(result, "statistics", "replicates");
  return [
    ...figures.flatMap(([member, name, unit]): KeyFigure[] => {
      const value = memberAt(result, member);
      const quantiles = quantileFigures(value);
      if (quantiles !== undefined) return [figureWithRange(name, unit, quantiles.middle, quantiles.ranges[0]!)];
      return isNumber(value) ? [{ name, value, unit }] : [];
    }),
    ...(isNumber(replicates) ? [{ name: "Replicates", value: replicates }] : []),
  ];
}
