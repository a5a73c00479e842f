import type { Chart, KeyFigure, ReportSection, Table } from "../section";
import { writeAlone } from "../text/numbers";
import { histogramOf } from "./anything";
import { isNumber, isObject, memberAt, valuesOf } from "./shapes";

/** A Monte Carlo estimate: `{output: {estimate, std_error, ci95, ...}, statistics: {iterations, seed}}`. */
export function monteCarloSections(result: unknown): ReportSection[] | undefined {
  const output = memberAt(result, "output");
  const estimate = memberAt(output, "estimate");
  if (!isObject(output) || !isNumber(estimate)) return undefined;
  const histogram = histogramOf(output["histogram"]);
  const spread: Chart[] =
    histogram === undefined
      ? []
      : [
          {
            kind: "histogram",
            title: "Outcomes",
            unit: "",
            counted: "draws",
            ...histogram,
            mark: { at: estimate, label: `mean ${writeAlone(estimate)}` },
          },
        ];
  return [
    {
      title: "Estimate",
      keyFigures: estimateFigures(result, output, estimate),
      charts: spread,
      tables: quantileTables(output["quantiles"]),
    },
    ...convergenceSections(output["convergence"]),
  ];
}

function estimateFigures(result: unknown, output: unknown, estimate: number): KeyFigure[] {
  const interval = valuesOf(memberAt(output, "ci95"));
  const note = interval?.length === 2 ? `95 % between ${writeAlone(interval[0]!)} and ${writeAlone(interval[1]!)}` : "";
  const others: [name: string, value: unknown, unit: string][] = [
    ["Standard error", memberAt(output, "std_error"), ""],
    ["Standard deviation", memberAt(output, "std_dev"), ""],
    ["Iterations", memberAt(result, "statistics", "iterations"), ""],
    ["Calculation time", memberAt(result, "metrics", "processing_time_seconds"), "s"],
  ];
  return [
    { name: "Estimate", value: estimate, note },
    ...others.flatMap(([name, value, unit]) => (isNumber(value) ? [{ name, value, unit }] : [])),
  ];
}

function quantileTables(quantiles: unknown): Table[] {
  if (!isObject(quantiles)) return [];
  const rows = Object.entries(quantiles).flatMap(([name, value]) => {
    return isNumber(value) ? [[name.replace(/^p([\d.]+)$/, "$1 %"), value]] : [];
  });
  return rows.length === 0 ? [] : [{ title: "Quantiles", columns: [{ name: "Quantile" }, { name: "Value" }], rows }];
}

/** `{iterations, estimates}`, and where there are `low` and `high` the range that the mean then lay in. */
function convergenceSections(convergence: unknown): ReportSection[] {
  const [iterations, estimates, low, high] = ["iterations", "estimates", "low", "high"].map((name) =>
    valuesOf(memberAt(convergence, name)),
  );
  if (iterations === undefined || estimates?.length !== iterations.length) return [];
  const bands =
    low !== undefined && high !== undefined ? [{ name: "95 % interval", low, high, level: "outer" as const }] : [];
  // They are told at even steps of the logarithm.
  const x = { values: iterations.map(Math.log10), title: "Iterations, as powers of ten" };
  const chart: Chart = {
    kind: "line",
    title: "Estimate by iterations",
    unit: "",
    x,
    series: [{ name: "estimate", values: estimates }],
    bands,
  };
  return [{ title: "Convergence", charts: [chart] }];
}
