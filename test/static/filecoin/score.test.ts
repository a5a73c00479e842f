import { describe, expect, test } from "bun:test";
import { differenceWords } from "../../../static/filecoin/measures";
import { crossingDay, inflationPercent, lockedPercent, returnPercent, weekly } from "../../../static/filecoin/score";
import type { Run } from "../../../static/filecoin/simulate";

const DAYS = 800;
const HISTORY_DAYS = 10;

function runWith(raw: (day: number) => number): Run {
  const column = (at: (day: number) => number) => Float64Array.from({ length: DAYS }, (_, day) => at(day));
  return {
    body: "",
    x: column((day) => day * 86_400),
    historyDays: HISTORY_DAYS,
    series: {
      circ_supply: column((day) => 100 + day),
      network_locked: column((day) => 50 + day / 2),
      network_RBP_EIB: column(raw),
      network_baseline_EIB: column(() => 10),
      "1y_sector_roi": column((day) => (day < DAYS - 364 ? 30 : Number.NaN)),
    },
    warnings: [],
  };
}

describe("the scorecard", () => {
  test("inflation is the growth of supply over the 365 days that follow", () => {
    expect(
      inflationPercent(
        runWith(() => 1),
        100,
      ),
    ).toBeCloseTo((565 / 200 - 1) * 100, 12);
    expect(
      inflationPercent(
        runWith(() => 1),
        DAYS - 10,
      ),
    ).toBeNaN();
  });

  test("the lock ratio is what is locked of what circulates", () => {
    expect(
      lockedPercent(
        runWith(() => 1),
        33,
      ),
    ).toBeCloseTo(50, 12);
  });

  test("raw power crosses on the day on which it is first on the other side, up or down", () => {
    expect(crossingDay(runWith((day) => day / 10))).toBe(100);
    expect(crossingDay(runWith((day) => 60 - day / 10))).toBe(501);
  });

  test("a crossing in the history does not count, nor does touching from above", () => {
    expect(crossingDay(runWith((day) => (day < 5 ? 20 : 5)))).toBeUndefined();
    expect(crossingDay(runWith(() => 10))).toBeUndefined();
  });

  test("a return without a year left is none", () => {
    expect(
      returnPercent(
        runWith(() => 1),
        DAYS - 100,
      ),
    ).toBeNaN();
  });

  test("sparklines take a value a week of the forecast", () => {
    const values = weekly(
      runWith(() => 1),
      ({ series }, day) => series.circ_supply![day]!,
    );
    expect([...values.slice(0, 3)]).toEqual([110, 117, 124]);
    expect(values).toHaveLength(Math.ceil((DAYS - HISTORY_DAYS) / 7));
  });
});

describe("differences", () => {
  test.each([
    [110, 100, "FIL", "+10.0 %"],
    [99, 100, "FIL", "−1.00 %"],
    [12.5, 10, "%", "+2.50 points"],
    [5, 5, "EiB", "±0 %"],
    [Number.NaN, 5, "EiB", ""],
    [5, 0, "FIL", ""],
  ])("%d against %d %s is %p", (value, from, unit, words) => {
    expect(differenceWords(value, from, unit)).toBe(words);
  });
});
