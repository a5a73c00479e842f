import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { casesOf, deviation, goldenModel, isWithin, rowsOf, valuesOf } from "../goldens";

setDefaultTimeout(60_000);

interface Golden {
  horizon: number;
  inputs: (number | null)[][];
  expected: { quantiles: number[][][] };
}

const model = goldenModel("chronos-bolt");
afterAll(() => model.unload());

describe("Chronos-Bolt gives what its package gives", () => {
  test.each(casesOf<Golden>("chronos-bolt/cases"))("%s", async (name, { horizon, inputs, expected }) => {
    const series = inputs.map((values) => ({ values: valuesOf(values) }));
    const made = await model.forecast({ series, horizon, levels: [0.1, 0.5] });
    const found = deviation(
      made.map(({ full }) => rowsOf(full!)),
      expected.quantiles,
    );
    expect({ name, ...found, met: isWithin(found, name, 1e-5) }).toMatchObject({ met: true });
    for (const [index, { point }] of made.entries()) {
      const medians = expected.quantiles[index]!.map((quantiles) => quantiles[4]!);
      expect(isWithin(deviation([...point], medians, expected.quantiles), name, 1e-5)).toBe(true);
    }
  });
});

test("a model that cannot look back says so in its traits, and gives no past", async () => {
  const [made] = await model.forecast({
    series: [{ values: valuesOf([1, 2, 3]) }],
    horizon: 2,
    levels: [],
    past: "fitted",
  });
  expect(model.traits.fittedFrom).toBe(Number.POSITIVE_INFINITY);
  expect(made!.fitted).toBeUndefined();
});
