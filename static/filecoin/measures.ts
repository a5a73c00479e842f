import type { OutputName } from "../../src/systems/filecoin/schema/series";
import { decimalsFor, formatFigure, formatNumber } from "../common/format";
import { inflationPercent, lockedPercent, returnPercent, YEAR_DAYS } from "./score";
import type { Run } from "./simulate";

/** A figure of a run on a day, as tables compare it. */
export interface Measure {
  key: string;
  title: string;
  unit: string;
  at(run: Run, day: number): number;
}

const ofSeries = (key: string, title: string, unit: string, name: OutputName): Measure => ({
  key,
  title,
  unit,
  at: ({ series }, day) => series[name]![day] ?? Number.NaN,
});

export const MEASURES: readonly Measure[] = [
  ofSeries("supply", "Circulating supply", "FIL", "circ_supply"),
  ofSeries("minted", "Minted", "FIL", "cum_network_reward"),
  ofSeries("burnt", "Burnt", "FIL", "network_gas_burn"),
  ofSeries("raw", "Raw power", "EiB", "network_RBP_EIB"),
  ofSeries("qa", "Quality-adjusted power", "EiB", "network_QAP_EIB"),
  ofSeries("locked", "Locked", "FIL", "network_locked"),
  ofSeries("pledge", "Locked pledge", "FIL", "network_locked_pledge"),
  { key: "return", title: "One-year return", unit: "%", at: returnPercent },
  {
    key: "inflation",
    title: "Inflation, past year",
    unit: "%",
    at: (run, day) => inflationPercent(run, day - YEAR_DAYS),
  },
  { key: "lockedShare", title: "Lock ratio", unit: "%", at: lockedPercent },
];

/** The years after today at which scenarios are compared. */
export const COMPARED_YEARS = [1, 3, 5, 10] as const;

/** The day of the run that lies so many years after today: the last one for the tenth of a whole ten years. */
export function dayOfYear({ historyDays, x }: Run, years: number): number {
  const day = historyDays + years * YEAR_DAYS;
  return day === x.length ? day - 1 : day;
}

/** The forecast day so many years ahead; the last one where the horizon is shorter. */
export function dayAhead(years: number, horizonDays: number): number {
  return Math.min(horizonDays - 1, years * YEAR_DAYS);
}

/** When that is, in words. */
export function whenWords(years: number, horizonDays: number): string {
  if (years * YEAR_DAYS > horizonDays) return "at the end of the forecast";
  return years === 1 ? "after 1 year" : `after ${years} years`;
}

export function measureWords(value: number, unit: string): string {
  return unit === "%" ? percentWords(value) : formatFigure(value, unit);
}

export function percentWords(value: number): string {
  return Number.isFinite(value) ? `${formatNumber(value, decimalsFor(value, 3))} %` : "–";
}

/** How far `value` is from `from`: percentages by points, everything else by its share. */
export function differenceWords(value: number, from: number, unit: string): string {
  const difference = unit === "%" ? value - from : (value / from - 1) * 100;
  if (!Number.isFinite(difference)) return "";
  const size = Math.abs(difference);
  const decimals = Math.min(2, decimalsFor(size, 3));
  const shown = formatNumber(size, decimals);
  const sign = Number(size.toFixed(decimals)) === 0 ? "±" : difference > 0 ? "+" : "−";
  return `${sign}${shown} ${unit === "%" ? "points" : "%"}`;
}
