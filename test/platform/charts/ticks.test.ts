import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { epochDay, isoDateOf } from "../../../src/numeric/calendar";
import { areDates, dateTicks } from "../../../src/platform/charts/dateTicks";
import { axisFormat } from "../../../src/platform/charts/numberFormat";
import { linearTicks, logTicks, niceStep } from "../../../src/platform/charts/ticks";
import { isLongRun } from "../../support/seeds";

describe("marks of numbers", () => {
  test.each([
    [0.9, 1],
    [1, 1],
    [1.1, 2],
    [3, 5],
    [7, 10],
    [0.03, 0.05],
    [0.2000000000000001, 0.2],
    [1.7e308, 1e308],
  ])("the round step for %p is %p", (rough, step) => {
    expect(niceStep(rough)).toBe(step);
  });

  test.each([
    [0, 10, 5, [0, 2, 4, 6, 8, 10]],
    [0.05, 0.37, 4, [0.1, 0.2, 0.3]],
    [-1.7e308, 1.7e308, 5, [-1e308, 0, 1e308]],
    [1e9, 1e9 + 1, 2, [1e9, 1e9 + 0.5, 1e9 + 1]],
    [-3, -1, 2, [-3, -2, -1]],
  ])("from %p to %p at most %p", (low, high, most, values) => {
    expect(linearTicks(low, high, most).values).toEqual(values);
  });

  test("are multiples of their step inside the range, never more than asked for and one", () => {
    const bounded = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
    fc.assert(
      fc.property(bounded, bounded, fc.integer({ min: 1, max: 40 }), (a, b, most) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(high - low > Math.max(Math.abs(low), Math.abs(high)) * 1e-12 && high - low > 1e-290);
        const { values, step } = linearTicks(low, high, most);
        expect(values.length).toBeLessThanOrEqual(most + 1);
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(low - step * 1e-6);
          expect(value).toBeLessThanOrEqual(high + step * 1e-6);
        }
        for (const [i, value] of values.slice(1).entries()) expect((value - values[i]!) / step).toBeCloseTo(1, 3);
      }),
      { numRuns: isLongRun ? 5_000 : 500 },
    );
  });

  test.each([
    [0.5, 2000, 9, [1, 10, 100, 1000]],
    [0.5, 2000, 14, [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]],
    [1e-8, 1e8, 5, [1e-5, 1, 1e5]],
    [3, 80, 5, [20, 40, 60, 80]],
  ])("on a logarithmic axis from %p to %p at most about %p", (low, high, most, values) => {
    expect(logTicks(low, high, most).values).toEqual(values);
  });
});

describe("numbers in words", () => {
  test.each([
    [603e6, 1e8, 603e6, "603 M"],
    [1.2e6, 2e5, 1.2e6, "1.2 M"],
    [1.2e6, 2e5, 0, "0"],
    [99_999, 1000, 12_000, "12 000"],
    [99_999, 1000, -1234, "−1 234"],
    [2.5e9, 5e8, 2.5e9, "2.5 G"],
    [1e9 + 1, 0.5, 1e9 + 0.5, "1 000 000 000.5"],
    [1, 0.05, 0.3, "0.30"],
    [1, 0.25, 0.75, "0.75"],
    [10, 2.5, 7.5, "7.5"],
    [1e6, 2.5e5, 7.5e5, "0.75 M"],
    [1, 0.2, -0.04, "0.0"],
    [3e-7, 1e-7, 2e-7, "2e−7"],
    [1.2e308, 1e307, 1.1e308, "1.1e308"],
  ])("on an axis to %p with steps of %p, %p is %p", (largest, step, value, text) => {
    const plainBlanks = axisFormat(largest, step)(value).replace(/[\u2006\u00a0]/g, " ");
    expect(plainBlanks).toBe(text);
  });

  test("neighbours on an axis never read the same", () => {
    const bounded = fc.double({ noNaN: true, min: -1e25, max: 1e25 });
    fc.assert(
      fc.property(bounded, bounded, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(high - low > Math.max(Math.abs(low), Math.abs(high)) * 1e-8 && high - low > 1e-290);
        const { values, step } = linearTicks(low, high, 6);
        const labels = values.map(axisFormat(Math.max(Math.abs(low), Math.abs(high)), step));
        expect(new Set(labels).size).toBe(values.length);
      }),
      { numRuns: isLongRun ? 5_000 : 500 },
    );
  });
});

describe("marks of dates", () => {
  const day = (date: string) => epochDay(date)!;
  const told = (from: string, to: string, most: number, apart = 1) =>
    dateTicks(day(from), day(to), most, apart).map((tick) =>
      [isoDateOf(Math.floor(tick.day)), tick.label, tick.context].join(" ").trim(),
    );

  test("ten years are marked by years", () => {
    expect(told("2025-01-01", "2035-08-01", 12)).toEqual(
      Array.from({ length: 11 }, (_, i) => `${2025 + i}-01-01 ${2025 + i}`),
    );
    expect(told("2025-01-01", "2035-08-01", 6).map((text) => text.slice(11))).toEqual([
      "2026",
      "2028",
      "2030",
      "2032",
      "2034",
    ]);
  });

  test("a year is marked by quarters, with the year where it changes", () => {
    expect(told("2025-09-09", "2026-09-09", 5)).toEqual([
      "2025-10-01 Oct 2025",
      "2026-01-01 Jan 2026",
      "2026-04-01 Apr",
      "2026-07-01 Jul",
    ]);
  });

  test("months in leap years begin on the first", () => {
    expect(told("2024-01-15", "2024-04-15", 4)).toEqual(["2024-02-01 Feb 2024", "2024-03-01 Mar", "2024-04-01 Apr"]);
  });

  test("six weeks are marked by Mondays", () => {
    const mondays = told("2025-09-14", "2025-10-28", 8);
    expect(mondays[0]).toBe("2025-09-15 15 Sep 2025");
    expect(mondays.at(-1)).toBe("2025-10-27 27 Oct");
    expect(mondays).toHaveLength(7);
  });

  test("two days of daily points are marked by days, of hourly points by hours", () => {
    expect(told("2025-09-14", "2025-09-16", 9)).toEqual([
      "2025-09-14 14 Sep 2025",
      "2025-09-15 15 Sep",
      "2025-09-16 16 Sep",
    ]);
    expect(told("2025-09-14", "2025-09-15", 4, 1 / 24)).toEqual([
      "2025-09-14 00:00 14 Sep 2025",
      "2025-09-14 06:00",
      "2025-09-14 12:00",
      "2025-09-14 18:00",
      "2025-09-15 00:00 15 Sep 2025",
    ]);
  });

  test("lie in the range, in order, at most about as many as asked for, whatever the dates", () => {
    const dates = fc.integer({ min: -350_000, max: 2_900_000 });
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 2, max: 20 }), (low, span, most) => {
        fc.pre(areDates(low, low + span));
        const ticks = dateTicks(low, low + span, most, 1).map((tick) => tick.day);
        expect(ticks.length).toBeLessThanOrEqual(most + 2);
        for (const [i, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(low - 1e-6);
          expect(tick).toBeLessThanOrEqual(low + span + 1e-6);
          if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]!);
        }
      }),
      { numRuns: isLongRun ? 5_000 : 500 },
    );
  });

  test("days beyond years of four digits are no dates", () => {
    expect(areDates(0, 20_000)).toBe(true);
    expect(areDates(-1e300, 0)).toBe(false);
    expect(areDates(0, 1e9)).toBe(false);
    expect(areDates(Number.NaN, 1)).toBe(false);
  });
});
