import type {
  BandsAnswer,
  ConditionCurvesAnswer,
  CurvesAnswer,
  StateCurvesAnswer,
} from "../../src/systems/epistemix/schema/page";
import { parseDate } from "../common/format";

type Values = Float64Array<ArrayBuffer>;

const DAY_S = 86_400;
export const BAND_LABEL = "5 to 95 %";

/** The state of that name; else the one that most come to and leave again, as an illness does. */
export function stateIn({ states }: ConditionCurvesAnswer, name: string): StateCurvesAnswer | undefined {
  const passing = states.filter(({ there: { median } }) => {
    const peak = Math.max(...median);
    return peak > 0 && peak > median[0]! && peak > median.at(-1)!;
  });
  const largest = passing.toSorted((a, b) => b.peak.median - a.peak.median)[0];
  return states.find((state) => state.name === name) ?? largest ?? states[0];
}

/** States that anybody was ever in. */
export function livelyStates({ states }: ConditionCurvesAnswer): StateCurvesAnswer[] {
  return states.filter(({ total, peak }) => total.high > 0 || peak.high > 0);
}

/** Days on which charts of one or two jobs stand, in seconds since 1970. */
export function daysOf(curves: readonly CurvesAnswer[]): Values {
  const from = Math.min(...curves.map(({ startDate }) => parseDate(startDate)));
  const to = Math.max(...curves.map(({ startDate, days }) => parseDate(startDate) + (days - 1) * DAY_S));
  return Float64Array.from({ length: Math.round((to - from) / DAY_S) + 1 }, (_, day) => from + day * DAY_S);
}

/** Values from a job's first day on, with gaps where it has none. */
export function placedOn(x: Values, { startDate }: CurvesAnswer, values: readonly number[]): Values {
  const placed = new Float64Array(x.length).fill(Number.NaN);
  placed.set(values, Math.round((parseDate(startDate) - x[0]!) / DAY_S));
  return placed;
}

/** Where nine in ten runs lie, about the series at `of`. */
export function bandAbout(of: number, label: string, x: Values, curves: CurvesAnswer, { low, high }: BandsAnswer) {
  return {
    label,
    of,
    low: placedOn(x, curves, low),
    high: placedOn(x, curves, high),
    reach: "outer" as const,
  };
}
