import type { ClassicalId } from "../classical/forecastSeries";
import { judgedPoints } from "../judging/anomalies";
import { expectedPoints } from "../judging/expectedPoints";
import type { WatchedSeries } from "../native/anomalies";
import { type FinishRules, finished, type MadeRow } from "../native/finish";
import { levelsOf } from "./levels";

/** Columns of an answer: under each name the JSON values of some series, with commas between. */
export interface ColumnsPart {
  columns: Record<string, string>;
  /** Rows of each series. */
  sizes: number[];
}

export interface ForecastColumnsInput {
  rows: readonly MadeRow[];
  rules: FinishRules;
  /** Per cent within each band. */
  bands: readonly number[];
  /** Features whose shares are asked for. */
  shares: readonly string[];
}

/** Mean and bands of forecasts, and what each feature has a share of; the rest of the mean is told as `base`. */
export function forecastColumns({ rows, rules, bands, shares }: ForecastColumnsInput): ColumnsPart {
  const columns = new ColumnWriter();
  for (const row of rows) {
    const { point, quantiles, xreg } = finished(row, rules);
    columns.add("mean", point);
    for (const percent of bands) {
      for (const [side, level] of [
        ["lo", levelsOf(percent)[0]],
        ["hi", levelsOf(percent)[1]],
      ] as const) {
        columns.add(`${side}-${percent}`, quantiles[rules.levels.indexOf(level)]!);
      }
    }
    const parts = shares.map((name) => xreg?.shares[name] ?? new Float64Array(point.length));
    for (const [place, name] of shares.entries()) columns.add(name, parts[place]!);
    if (shares.length > 0)
      columns.add(
        "base",
        point.map((value, step) => parts.reduce((rest, part) => rest - part[step]!, value)),
      );
  }
  return { columns: columns.written(), sizes: rows.map(({ forecast }) => forecast.point.length) };
}

export interface PastColumnsInput {
  series: readonly WatchedSeries[];
  /** The built-in model that says what is expected, where no other one did. */
  model: ClassicalId | "auto" | undefined;
  bands: readonly number[];
  last?: number;
}

/** What was expected of each point of the past that can be judged, with bands and how it was judged by the first of them. */
export function pastColumns({ series, model, bands, last }: PastColumnsInput): ColumnsPart {
  const columns = new ColumnWriter();
  const sizes = series.map(({ values, seasons, expected: said }) => {
    const expected = said ?? expectedPoints(values, model!, seasons);
    const known = expected.findIndex(Number.isFinite);
    const from = last === undefined ? (known < 0 ? values.length : known) : values.length - last;
    const rules = (percent: number) => ({ level: percent / 100, ...(last !== undefined && { last }) });
    columns.add(
      "mean",
      expected.subarray(from).map((value, t) => (Number.isFinite(value) ? value : values[from + t]!)),
    );
    for (const [place, percent] of (bands.length === 0 ? [DEFAULT_PERCENT] : bands).entries()) {
      const points = judgedPoints(values, expected, rules(percent)).slice(from);
      if (bands.length > 0) {
        columns.addList(
          `lo-${percent}`,
          points.map(({ lower }) => lower),
        );
        columns.addList(
          `hi-${percent}`,
          points.map(({ upper }) => upper),
        );
      }
      if (place > 0) continue;
      columns.addList(
        "anomaly",
        points.map(({ anomaly }) => anomaly),
      );
      columns.addList(
        "anomaly_score",
        points.map(({ score }) => score ?? 0),
      );
    }
    return values.length - from;
  });
  return { columns: columns.written(), sizes };
}

const DEFAULT_PERCENT = 99;

class ColumnWriter {
  readonly #parts = new Map<string, string[]>();

  add(name: string, values: Float64Array): void {
    this.addList(name, Array.from(values));
  }

  addList(name: string, values: readonly unknown[]): void {
    const parts = this.#parts.get(name) ?? [];
    this.#parts.set(name, parts);
    if (values.length > 0) parts.push(JSON.stringify(values).slice(1, -1));
  }

  written(): Record<string, string> {
    return Object.fromEntries([...this.#parts].map(([name, parts]) => [name, parts.join(",")]));
  }
}
