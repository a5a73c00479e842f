import { ridgeRegression } from "../../../numeric/ridgeRegression";
import { type Column, columnsOf, pointsOf } from "./columns";
import type { CovariateFit, FitInput, FitSeries } from "./covariates";

/**
 * What the covariates explain of each series, by one regression over all of them; docs/forecasting.md, "Covariates".
 * @throws RequestError 422 when the covariates do not fit the series.
 */
export function fitCovariates(input: FitInput): CovariateFit[] {
  const columns = columnsOf(input);
  const coefficients = coefficientsOf(input, columns);
  return input.series.map((series) => explained(series, columns, coefficients));
}

function coefficientsOf({ series, ridge }: FitInput, columns: readonly Column[]): Float64Array {
  const width = columns.length + 1;
  const rows = series.map((one) => ({ one, points: pointsOf(one) }));
  const count = rows.reduce((sum, { points }) => sum + points.length, 0);
  const design = new Float64Array(count * width);
  const target = new Float64Array(count);
  let row = 0;
  for (const { one, points } of rows) {
    for (const point of points) {
      design[row * width] = 1;
      for (const [index, column] of columns.entries()) design[row * width + 1 + index] = column.value(one, point);
      target[row++] = one.target[point - one.from]!;
    }
  }
  return ridgeRegression(design, width, target, ridge);
}

function explained(series: FitSeries, columns: readonly Column[], coefficients: Float64Array): CovariateFit {
  const { target, from, horizon } = series;
  const base = coefficients[0]!;
  const past = new Float64Array(target.length).fill(base);
  const future = new Float64Array(horizon).fill(base);
  const shares = new Map<string, Float64Array>();
  for (const [index, column] of columns.entries()) {
    const coefficient = coefficients[index + 1]!;
    const share = shares.get(column.covariate) ?? new Float64Array(horizon);
    shares.set(column.covariate, share);
    for (let point = 0; point < past.length; point++) past[point]! += coefficient * column.value(series, from + point);
    for (let step = 0; step < horizon; step++) {
      const part = coefficient * column.value(series, from + target.length + step);
      share[step]! += part;
      future[step]! += part;
    }
  }
  return { past, future, base, shares: Object.fromEntries(shares) };
}
