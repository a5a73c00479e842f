import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Knots, knotsThrough, rateCodec, spreadKnots, valueAt } from "../../../static/filecoin/rate";
import { rateText, readRateText } from "../../../static/filecoin/rate-text";

const RAMP: Knots = [
  [10, 2],
  [20, 4],
];

describe("a rate over time", () => {
  test("is level before its first point and after its last, and straight between", () => {
    expect([0, 10, 15, 20, 99].map((day) => valueAt(RAMP, day))).toEqual([2, 2, 3, 4, 4]);
  });

  test("gives the same values day by day as day for day", () => {
    expect(spreadKnots(RAMP, 30)).toEqual(Array.from({ length: 30 }, (_, day) => valueAt(RAMP, day)));
  });

  test("a step takes two points on neighbouring days", () => {
    const step: Knots = [
      [0, 1],
      [4, 1],
      [5, 3],
    ];
    expect(spreadKnots(step, 8)).toEqual([1, 1, 1, 1, 1, 3, 3, 3]);
  });

  test("any daily values come back from the points that stand for them", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 60 }), (values) => {
        const spread = spreadKnots(knotsThrough(values), values.length);
        for (const [day, value] of values.entries()) expect(spread[day]).toBeCloseTo(value, 6);
      }),
    );
  });

  test("a straight line of a thousand days needs two points", () => {
    const values = Array.from({ length: 1000 }, (_, day) => 2 + day / 512);
    expect(knotsThrough(values)).toEqual([
      [0, 2],
      [999, 2 + 999 / 512],
    ]);
  });
});

describe("a rate in the address", () => {
  const codec = rateCodec(0, 30);

  test.each([[null], [2.5], [0], [RAMP]])("%p comes back", (rate) => {
    expect(rate === null ? codec.fallback : codec.read(codec.write(rate))).toEqual(rate);
  });

  test.each(["abc", "31", "-1", "5:1,5:2", "9:1,3:2", "0:31", "0.5:1", "1:2:3", "0:1,"])("%p is none", (text) =>
    expect(codec.read(text)).toBeUndefined(),
  );
});

describe("pasted values", () => {
  const limits = { min: 0, max: 30, days: 100, todayS: Date.parse("2025-09-09T00:00:00Z") / 1000 };

  test("points by day and by date, in the same text too", () => {
    expect(readRateText("0: 2.5\n2025-09-19, 3\n 30 : 4 ", limits, 1)).toEqual([
      [0, 2.5],
      [10, 3],
      [30, 4],
    ]);
  });

  test("bare values, however they are set apart, as far apart as is said", () => {
    expect(readRateText("1, 2;5\n9", limits, 7)).toEqual([
      [0, 1],
      [7, 2],
      [14, 5],
      [21, 9],
    ]);
  });

  test("what lies beyond the horizon is left out", () => {
    expect(readRateText("0: 1\n100: 3", limits, 1)).toEqual([[0, 1]]);
    expect(readRateText(Array.from({ length: 200 }, () => "2").join(" "), limits, 1)).toEqual([
      [0, 2],
      [99, 2],
    ]);
  });

  test.each([
    ["", "at least one value"],
    ["1, two", "“two”: expected a number from 0 to 30"],
    ["31", "from 0 to 30"],
    ["0: 1\n0: 2", "must ascend"],
    ["5: 1\n4: 2", "must ascend"],
    ["0: 1\nnonsense", "expected day: value"],
    ["2025-09-08, 1", "from 2025-09-09 on"],
    ["200: 1", "below 100"],
  ])("%p is refused in a sentence", (text, sentence) => expect(readRateText(text, limits, 1)).toContain(sentence));

  test("what is shown can be pasted", () => {
    expect(readRateText(rateText(RAMP), limits, 1)).toEqual(RAMP);
  });
});
