import type { Codec } from "../common/url-state";

/** Points of a line over the forecast days: day 0 is the first. Before the first and after the last it is level. */
export type Knots = readonly (readonly [day: number, value: number])[];

/** A rate of the scenario: what the history suggests (null), one number, or a line over time. */
export type Rate = number | Knots | null;

export function isKnots(rate: Rate): rate is Knots {
  return rate !== null && typeof rate === "object";
}

/** The value of the line on that day. */
export function valueAt(knots: Knots, day: number): number {
  const after = knots.findIndex(([at]) => at >= day);
  if (after === -1) return knots.at(-1)![1];
  const [toDay, toValue] = knots[after]!;
  const [fromDay, fromValue] = knots[after - 1] ?? [toDay, toValue];
  return toDay === fromDay ? toValue : fromValue + ((toValue - fromValue) * (day - fromDay)) / (toDay - fromDay);
}

/** One value for each of `days`. */
export function spreadKnots(knots: Knots, days: number): number[] {
  const values: number[] = [];
  let next = 0;
  for (let day = 0; day < days; day++) {
    while (next < knots.length && knots[next]![0] < day) next++;
    const [toDay, toValue] = knots[next] ?? knots.at(-1)!;
    const [fromDay, fromValue] = knots[next - 1] ?? [toDay, toValue];
    const level = next >= knots.length || toDay === fromDay;
    values.push(level ? toValue : fromValue + ((toValue - fromValue) * (day - fromDay)) / (toDay - fromDay));
  }
  return values;
}

/** Differences below this share of the value are what the writing of numbers makes. */
const SAME = 1e-9;

/** The fewest points of a line through these daily values. */
export function knotsThrough(values: readonly number[]): Knots {
  const knots: [number, number][] = [];
  for (const [day, value] of values.entries()) {
    const [last, before] = [knots.at(-1), knots.at(-2)];
    if (last !== undefined && before !== undefined) {
      const slope = (last[1] - before[1]) / (last[0] - before[0]);
      const expected = last[1] + slope * (day - last[0]);
      if (Math.abs(expected - value) <= SAME * Math.max(1, Math.abs(value))) {
        knots[knots.length - 1] = [day, value];
        continue;
      }
    }
    knots.push([day, value]);
  }
  return knots;
}

/** In the address a number stands as it is, a line as `0:2.5,365:4`. */
export function rateCodec(min: number, max: number): Codec<Rate> {
  return {
    fallback: null,
    read(text) {
      const points = text.split(",").map((point) => point.split(":").map(Number));
      const inside = (value: number | undefined) => value !== undefined && value >= min && value <= max;
      if (points.length === 1 && points[0]!.length === 1) return inside(points[0]![0]) ? points[0]![0] : undefined;
      const good = points.every(
        ([day, value, ...more], at) =>
          more.length === 0 && Number.isInteger(day) && day! > (points[at - 1]?.[0] ?? -1) && inside(value),
      );
      return good ? (points as [number, number][]) : undefined;
    },
    write: (rate) => (isKnots(rate) ? rate.map(([day, value]) => `${day}:${value}`).join(",") : String(rate ?? "")),
  };
}
