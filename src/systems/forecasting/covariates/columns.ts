import { RequestError } from "../../../platform/errors";
import { locationOf } from "../decoding/standardise";
import type { Category, FitInput, FitSeries, SeriesCovariates } from "./covariates";

/** One column of the design: what it is of, and its value for a series at a point. */
export interface Column {
  covariate: string;
  value(series: FitSeries, point: number): number;
}

/** Columns of one regression; one with more would take long, and explain noise. */
export const MAX_COLUMNS = 500;

type Kind = keyof SeriesCovariates;

/**
 * The columns beside the intercept: numerical ones, dynamic by name and then static as given, brought to mean 0 and spread 1
 * over what is learned from; then one for each category, without the first where there is no ridge.
 * @throws RequestError 422 when a covariate is missing, too short or not finite, or when there are too many columns.
 */
export function columnsOf({ series, ridge }: FitInput): Column[] {
  const [first] = series;
  const namesOf = (kind: Kind) => Object.keys(first!.covariates[kind] ?? {});
  const numerical = [
    ...namesOf("dynamicNumerical")
      .sort()
      .map((name) => numericalColumn(series, name, "dynamicNumerical")),
    ...namesOf("staticNumerical").map((name) => numericalColumn(series, name, "staticNumerical")),
  ];
  const categorical = [
    ...namesOf("dynamicCategorical")
      .sort()
      .flatMap((name) => categoryColumns(series, name, "dynamicCategorical", ridge)),
    ...namesOf("staticCategorical").flatMap((name) => categoryColumns(series, name, "staticCategorical", ridge)),
  ];
  const columns = [...numerical, ...categorical];
  if (columns.length > MAX_COLUMNS) {
    throw new RequestError(422, `The covariates make ${columns.length} columns; the limit is ${MAX_COLUMNS}.`);
  }
  return columns;
}

function numericalColumn(
  series: readonly FitSeries[],
  name: string,
  kind: "dynamicNumerical" | "staticNumerical",
): Column {
  const at = ({ covariates }: FitSeries, point: number): number => {
    const values = covariates[kind]![name]!;
    return typeof values === "number" ? values : values[point]!;
  };
  for (const one of series) {
    refuseUnlessThere(one, name, kind);
    const points = kind === "staticNumerical" ? 1 : lengthOf(one);
    for (let point = 0; point < points; point++) {
      if (!Number.isFinite(at(one, point))) throw fault(name, `a number at ${point}`, String(at(one, point)));
    }
  }
  const { mean, spread } = locationOf(series.flatMap((one) => pointsOf(one).map((point) => at(one, point))));
  return { covariate: name, value: (one, point) => (at(one, point) - mean) / spread };
}

function categoryColumns(
  series: readonly FitSeries[],
  name: string,
  kind: "dynamicCategorical" | "staticCategorical",
  ridge: number,
): Column[] {
  const at = ({ covariates }: FitSeries, point: number): Category => {
    const values = covariates[kind]![name]!;
    return Array.isArray(values) ? (values as readonly Category[])[point]! : (values as Category);
  };
  for (const one of series) refuseUnlessThere(one, name, kind);
  const seen = new Set(series.flatMap((one) => pointsOf(one).map((point) => at(one, point))));
  const categories = [...seen].sort(inOrder);
  // Without a ridge, all categories and the intercept would say the same thing twice.
  const coded = ridge > 0 ? categories : categories.slice(1);
  return coded.map((category) => ({
    covariate: name,
    value: (one, point) => (at(one, point) === category ? 1 : 0),
  }));
}

/** Numbers by size, anything else as text, as the published package sorts a column of mixed types. */
function inOrder(left: Category, right: Category): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [a, b] = [String(left), String(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The points that are learned from. */
export function pointsOf({ target, from }: FitSeries): number[] {
  return Array.from(target, (value, index) => (Number.isFinite(value) ? from + index : -1)).filter(
    (point) => point >= 0,
  );
}

function lengthOf({ target, from, horizon }: FitSeries): number {
  return from + target.length + horizon;
}

function refuseUnlessThere(series: FitSeries, name: string, kind: Kind): void {
  const values: unknown = Object.hasOwn(series.covariates[kind] ?? {}, name)
    ? series.covariates[kind]![name]
    : undefined;
  if (values === undefined) throw fault(name, "in every series, since one has it", "a series without it");
  if (kind.startsWith("static")) return;
  const [length, wanted] = [(values as ArrayLike<unknown>).length, lengthOf(series)];
  if (length !== wanted) throw fault(name, `${wanted} values, for the points and the horizon`, `${length}`);
}

function fault(name: string, expected: string, got: string): RequestError {
  return new RequestError(422, `Covariate ${JSON.stringify(name)}: expected ${expected}; got ${got}.`, {
    faults: [{ path: ["covariates", name], expected, got }],
  });
}
