import type { Column, Run } from "./simulate";

/** The figures that a forecast is judged by. All take a run of the four charts; days are indices into it. */

export const YEAR_DAYS = 365;

/** Growth of the circulating supply in the year from that day on, per cent; NaN where the run ends before. */
export function inflationPercent({ series }: Run, day: number): number {
  const supply = series.circ_supply!;
  return ((supply[day + YEAR_DAYS] ?? Number.NaN) / supply[day]! - 1) * 100;
}

/** What is locked, as a share of what circulates, per cent. */
export function lockedPercent({ series }: Run, day: number): number {
  return (series.network_locked![day]! / series.circ_supply![day]!) * 100;
}

/** Raw power as a share of the baseline, per cent. */
export function baselinePercent({ series }: Run, day: number): number {
  return (series.network_RBP_EIB![day]! / series.network_baseline_EIB![day]!) * 100;
}

/** The first forecast day on which raw power is on the other side of the baseline than on the day before. */
export function crossingDay({ series, historyDays, x }: Run): number | undefined {
  const [raw, baseline] = [series.network_RBP_EIB!, series.network_baseline_EIB!];
  const above = (day: number) => raw[day]! >= baseline[day]!;
  for (let day = historyDays + 1; day < x.length; day++) {
    if (above(day) !== above(day - 1)) return day;
  }
  return undefined;
}

/** The one-year return of a sector that begins on that day, per cent. */
export function returnPercent({ series }: Run, day: number): number {
  return series["1y_sector_roi"]![day] ?? Number.NaN;
}

/** The forecast part of a figure, a value a week: enough for a sparkline. */
export function weekly(run: Run, figure: (run: Run, day: number) => number): Column {
  const weeks = Math.ceil((run.x.length - run.historyDays) / 7);
  return Float64Array.from({ length: weeks }, (_, week) => figure(run, run.historyDays + 7 * week));
}
