import type { Table } from "../model";
import type { FinishedForecast } from "./finish";
import { seriesName, type TaskWarning } from "./task";

/** A part of an answer: members of its list, and what is told of them. */
export interface EncodedPart {
  /** JSON values with commas between. */
  json: Uint8Array;
  warnings: TaskWarning[];
}

const encoder = new TextEncoder();

/** Forecasts as members of the answer's list (docs/forecasting.md, "Forecasts by HTTP"). */
export function encodedForecasts(forecasts: readonly FinishedForecast[], levels: readonly number[]): EncodedPart {
  const keys = levels.map(String);
  return {
    json: encodedList(forecasts.map((forecast) => told(forecast, keys))),
    warnings: forecasts.flatMap((forecast) =>
      forecast.warnings.map(({ code, message }) => ({ code, message, series: seriesName(forecast, forecast.index) })),
    ),
  };
}

/** JSON values with commas between, as they stand in a list. */
export function encodedList(members: readonly unknown[]): Uint8Array {
  return encoder.encode(members.map((member) => JSON.stringify(member)).join(","));
}

function told({ index: _, warnings: __, ...forecast }: FinishedForecast, keys: readonly string[]) {
  const { point, quantiles, full, fitted, xreg, ...plain } = forecast;
  return {
    ...plain,
    point: listOf(point),
    quantiles: byLevel(keys, quantiles),
    ...(full && { full: rowsOf(full) }),
    ...(fitted && {
      fitted: { from: fitted.from, point: listOf(fitted.point), ...(fitted.full && { full: rowsOf(fitted.full) }) },
    }),
    ...(xreg && {
      xreg: {
        fit: listOf(xreg.fit),
        base: xreg.base,
        shares: Object.fromEntries(Object.entries(xreg.shares).map(([name, share]) => [name, listOf(share)])),
      },
    }),
  };
}

/** Rows by the names of their levels. */
export function byLevel(keys: readonly string[], rows: readonly Float64Array[]): Record<string, number[]> {
  return Object.fromEntries(keys.map((key, place) => [key, listOf(rows[place]!)]));
}

/** As JSON has lists; what is no number becomes null there. */
export function listOf(values: Float64Array): number[] {
  return Array.from(values);
}

function rowsOf({ columns, values }: Table): number[][] {
  return Array.from({ length: values.length / columns }, (_, row) =>
    listOf(values.subarray(row * columns, (row + 1) * columns)),
  );
}
