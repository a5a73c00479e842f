import type { Forecast, Series, Table } from "../model";

/** Networks compute in f32, whose largest number is near 2^128; from here on a series is brought down first. */
const MAX_MAGNITUDE = 2 ** 100;

/** A series that f32 can hold, and what its values were divided by: a power of two, so that nothing is rounded. */
export function scaledDown(series: Series): { series: Series; divisor: number } {
  let largest = 0;
  for (const value of series.values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  if (largest <= MAX_MAGNITUDE) return { series, divisor: 1 };
  const divisor = 2 ** Math.ceil(Math.log2(largest / MAX_MAGNITUDE));
  return { series: { ...series, values: series.values.map((value) => value / divisor) }, divisor };
}

/** The forecast of a series that was divided, in the units that it had before. */
export function scaledUp(forecast: Forecast, divisor: number): Forecast {
  if (divisor === 1) return forecast;
  const up = (values: Float64Array) => values.map((value) => value * divisor);
  const upTable = ({ columns, values }: Table) => ({ columns, values: up(values) });
  const { fitted, full } = forecast;
  return {
    ...forecast,
    point: up(forecast.point),
    quantiles: forecast.quantiles.map(up),
    ...(full && { full: upTable(full) }),
    ...(fitted && {
      fitted: { ...fitted, point: up(fitted.point), ...(fitted.full && { full: upTable(fitted.full) }) },
    }),
  };
}
