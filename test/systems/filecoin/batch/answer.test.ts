import { describe, expect, test } from "bun:test";
import { aboutOf } from "../../../../src/systems/filecoin/batch/about";
import { type BatchAnswerInput, batchAnswer } from "../../../../src/systems/filecoin/batch/answer";
import { createBudget } from "../../../../src/systems/filecoin/batch/budget";
import { designRows, fillDesign } from "../../../../src/systems/filecoin/batch/design";
import type { BatchFigures } from "../../../../src/systems/filecoin/batch/job";
import { inLanes } from "../../../../src/systems/filecoin/batch/lanes";
import type { BatchOrder } from "../../../../src/systems/filecoin/batch/orders";
import { effectsOf } from "../../../../src/systems/filecoin/batch/sensitivity";
import { history } from "./support";

const figures: BatchFigures = {
  done: 3,
  bands: {
    values: Float64Array.of(1, 2, 3, 4, 5, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN),
    method: "histogram",
    errors: Float64Array.of(Infinity),
  },
  points: Float64Array.of(0.1, Number.NaN, 1 / 3),
  kept: Float64Array.of(7, Number.NaN),
  notNumbers: Int32Array.of(2),
};

const input: BatchAnswerInput = {
  format: "json",
  table: "bands",
  about: { source: "sample" },
  outputs: ["days"],
  zeroDay: 20_000,
  sampledDays: Int32Array.of(0, 5),
  pointDays: Int32Array.of(5),
  figures,
  inputs: { names: ["rbp"], points: Float64Array.of(1, 2, 3) },
  keptRuns: [{ run: 1 }],
};
const written = (changes: Partial<BatchAnswerInput>) =>
  new TextDecoder().decode(batchAnswer({ ...input, ...changes }).bytes);

describe("answers", () => {
  test("as JSON hold bands with their error, points with their inputs, series; what is no number is null", () => {
    expect(JSON.parse(written({}))).toEqual({
      source: "sample",
      bands: {
        method: "histogram",
        error: { days: null },
        series: { days: { p5: [1, null], p25: [2, null], p50: [3, null], p75: [4, null], p95: [5, null] } },
      },
      points: { days: [5], inputs: { rbp: [1, 2, 3] }, series: { days: [[0.1, null, 1 / 3]] } },
      series: [{ run: 1, series: { days: [7, null] } }],
    });
  });

  test("leave out what was not asked for", () => {
    const without = { figures: { ...figures, bands: undefined }, pointDays: new Int32Array(0), keptRuns: [] };
    expect(written(without)).toBe('{"source":"sample"}');
  });

  test("as CSV hold one table, empty where there is no number", () => {
    const [head, first, second] = written({ format: "csv" }).split("\n");
    expect([head, first, second]).toEqual([
      "date,days_p5,days_p25,days_p50,days_p75,days_p95",
      "2024-10-04,1,2,3,4,5",
      "2024-10-09,,,,,",
    ]);
    expect(written({ format: "csv", table: "points" })).toBe(`run,rbp,days_day5\n0,1,0.1\n1,2,\n2,3,${1 / 3}\n`);
    expect(written({ format: "csv", table: "series" })).toBe("date,days_run1\n2024-10-04,7\n2024-10-09,\n");
  });

  test("bands have the nine digits that 32 bits hold", () => {
    const values = Float64Array.from({ length: 10 }, () => Math.fround(123_456_789.123));
    const bands = { values, method: "exact", errors: Float64Array.of(0) } as const;
    expect(JSON.parse(written({ figures: { ...figures, bands } })).bands).toMatchObject({
      series: { days: { p5: [123456792, 123456792] } },
    });
  });

  test("warn of values that are no numbers, and of quantiles without a bound", () => {
    const order: BatchOrder = {
      plan: { kind: "list", scenarios: [] },
      runs: 3,
      forecastDays: 10,
      outputs: ["days"],
      sampledDays: Int32Array.of(0, 5),
      wantsBands: true,
      pointDays: Int32Array.of(5),
      keptRuns: [],
      table: "bands",
      about: {},
    };
    const { warnings } = aboutOf(order, history, "name", figures, "cpu") as {
      warnings: { series: string; reason: string }[];
    };
    expect(warnings).toMatchObject([
      { series: "days", count: 2 },
      { series: "days", reason: expect.stringContaining("histogram") },
    ]);
    expect(
      aboutOf(order, history, "name", { ...figures, bands: undefined, notNumbers: Int32Array.of(0) }, "cpu")[
        "warnings"
      ],
    ).toEqual([]);
  });
});

describe("designs", () => {
  test("a grid has every combination once, the last input fastest, sectors in whole days", () => {
    const design = { kind: "grid", values: [[1, 2], [0.5], [180.4, 300, 365]] } as const;
    expect(designRows(design)).toBe(6);
    const points = new Float64Array(18);
    fillDesign(design, ["rbp", "rr", "sector_duration_days"], points);
    expect([...points]).toEqual([1, 0.5, 180, 1, 0.5, 300, 1, 0.5, 365, 2, 0.5, 180, 2, 0.5, 300, 2, 0.5, 365]);
  });

  test("of sensitivity end with the centre and each input at its ends", () => {
    const ranges = [
      { low: 1, high: 3 },
      { low: 10, high: 20 },
    ];
    const design = { kind: "saltelli", ranges, centre: [2.5, 11], samples: 16, seed: 1 } as const;
    const points = new Float64Array(2 * designRows(design));
    fillDesign(design, ["rbp", "rr"], points);
    expect([...points.subarray(-10)]).toEqual([2.5, 11, 1, 11, 3, 11, 2.5, 10, 2.5, 20]);
    const first = Array.from({ length: 64 }, (_, row) => points[2 * row]!);
    expect(first.every((value) => value > 1 && value < 3)).toBe(true);
    const results = Float64Array.from(
      { length: designRows(design) },
      (_, row) => 2 * points[2 * row]! - points[2 * row + 1]!,
    );
    const { centre, effects } = effectsOf(results, points, 16, 2, 1);
    expect(centre).toBe(-6);
    expect(effects[0]).toMatchObject({ at_low: -9, at_high: -5 });
    expect(effects[1]!.rank_correlation).toBeLessThan(-0.8);
    expect(effects[1]!.total).toBeGreaterThan(effects[0]!.total!);
  });

  test("a result that does not vary has no effects", () => {
    const design = { kind: "saltelli", ranges: [{ low: 0, high: 1 }], centre: [0.5], samples: 16, seed: 1 } as const;
    const points = new Float64Array(designRows(design));
    fillDesign(design, ["rr"], points);
    const { effects } = effectsOf(new Float64Array(points.length).fill(4), points, 16, 1, 1);
    expect(effects[0]).toMatchObject({ rank_correlation: null, first_order: null, total: null, at_low: 4, at_high: 4 });
  });
});

describe("a budget", () => {
  const MIB = 2 ** 20;
  test("lets one batch of any size run, others only beside it while there is room", async () => {
    const { check, hold } = createBudget(() => 2, 5);
    const gate = Promise.withResolvers<void>();
    const large = { costMs: 4000, bytes: 500 * MIB };
    check(large);
    const running = hold(large, () => gate.promise);
    expect(() => check({ costMs: 1, bytes: 100 * MIB })).toThrow("500 MiB");
    expect(() => check({ costMs: 1, bytes: MIB })).not.toThrow();
    gate.resolve();
    await running;
    expect(() => check({ costMs: 1, bytes: 100 * MIB })).not.toThrow();
  });

  test("refuses while the work in hand is longer than anybody should wait, less what is done of it", async () => {
    const { check, hold } = createBudget(() => 2, 5);
    const gate = Promise.withResolvers<void>();
    let spend: (soFarMs: number) => void = () => undefined;
    const failing = hold({ costMs: 20_000, bytes: 0 }, async (tell) => {
      spend = tell;
      await gate.promise;
      throw new Error("stopped");
    }).catch((error: Error) => error.message);
    expect(() => check({ costMs: 1, bytes: 0 })).toThrow("about 10 s of work");
    spend(9000);
    spend(12_000);
    expect(() => check({ costMs: 1, bytes: 0 })).not.toThrow();
    gate.resolve();
    expect(await failing).toBe("stopped");
    await hold({ costMs: 1, bytes: 0 }, async () => check({ costMs: 1, bytes: 0 }));
  });
});

describe("lanes", () => {
  test("do every piece once, so many at a time", async () => {
    const done: number[] = [];
    let atWork = 0;
    let most = 0;
    await inLanes(3, 10, async (index) => {
      most = Math.max(most, ++atWork);
      await Promise.resolve();
      done.push(index);
      atWork--;
    });
    expect([done.toSorted((a, b) => a - b), most]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3]);
  });

  test("begin nothing after a failure, and end when what was begun has ended", async () => {
    let begun = 0;
    let ended = 0;
    const failed = inLanes(2, 100, async (index) => {
      begun++;
      if (index === 0) throw new Error("first");
      await Bun.sleep(0);
      ended++;
    }).catch((error: Error) => error.message);
    expect(await failed).toBe("first");
    expect([begun, ended]).toEqual([2, 1]);
  });
});
