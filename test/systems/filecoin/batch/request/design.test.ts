import { describe, expect, test } from "bun:test";
import { effectsOf } from "../../../../../src/systems/filecoin/batch/answers/effects";
import { designRows, fillDesign } from "../../../../../src/systems/filecoin/batch/request/design";

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
