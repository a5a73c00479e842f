import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { casesOf, deviation, goldenModel, rowsOf, valuesOf } from "../goldens";

setDefaultTimeout(60_000);

interface Golden {
  horizon: number;
  input: (number | null)[];
  expected: number[][];
}

const model = goldenModel("fracast-0");
afterAll(() => model.unload());

describe("Fracast gives what its package gives, with its real weights", () => {
  test.each(casesOf<Golden>("fracast-0/cases"))("%s", async (name, { input, horizon, expected }) => {
    const [made] = await model.forecast({ series: [{ values: valuesOf(input) }], horizon, levels: [0.1, 0.9] });
    const found = deviation(rowsOf(made!.full!), expected);
    const met = found.ofRange < 1e-5 || (name === "constant" && found.unitsInLastPlace <= 2);
    expect({ name, ...found, met }).toMatchObject({ met: true });
  });
});

test("fewer than eight values are refused with a sentence", async () => {
  const work = model.forecast({ series: [{ values: valuesOf([1, 2, null, 3, 4, 5, 6, 7]) }], horizon: 2, levels: [] });
  const failed = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failed).toMatchObject({ status: 422 });
  expect(String(failed)).toContain("needs 8 values; a series has 7");
});
