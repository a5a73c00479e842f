import { expect, test } from "bun:test";
import fc from "fast-check";
import { divideHalfEven, roundHalfEven, scaledHalfEven } from "../../src/numeric/rounding";

test("ties go to even on the exact binary value", () => {
  const cases: [number, number, number][] = [
    [0.125, 2, 0.12],
    [0.375, 2, 0.38],
    [2.675, 2, 2.67],
    [1.005, 2, 1],
    [0.5, 0, 0],
    [1.5, 0, 2],
    [-0.125, 2, -0.12],
    [2.5e15, 4, 2.5e15],
    [1e300, 4, 1e300],
    [5e-324, 4, 0],
    [111.2203159570694, 4, 111.2203],
    [123456789012.34566, 4, 123456789012.3457],
  ];
  for (const [value, places, expected] of cases) expect(roundHalfEven(value, places)).toBe(expected);
});

test("what is not finite is given back, and has no scaled whole number", () => {
  expect(roundHalfEven(Number.POSITIVE_INFINITY, 2)).toBe(Number.POSITIVE_INFINITY);
  expect(roundHalfEven(Number.NaN, 2)).toBeNaN();
  expect(() => scaledHalfEven(Number.NaN, 2)).toThrow("expected a finite number");
});

test("the result is the decimal nearest to the binary value, whatever the number", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 0, max: 9 }),
      (value, places) => {
        // toPrecision and BigInt are not used by the fast path, so that they are an oracle of their own here.
        const exact = exactDecimal(value);
        const rounded = scaledHalfEven(value, places);
        const scale = 10n ** BigInt(places);
        const distance = abs(rounded * exact.denominator - exact.numerator * scale) * 2n;
        expect(distance <= exact.denominator).toBe(true);
        if (distance === exact.denominator) expect(rounded & 1n).toBe(0n);
      },
    ),
  );
});

test("division rounds to the nearest whole number, ties to even, whatever the sign", () => {
  expect([5n, 15n, 25n, -5n, -15n, 7n].map((n) => divideHalfEven(n, 10n))).toEqual([0n, 2n, 2n, 0n, -2n, 1n]);
});

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** A double as a fraction, by doubling until it is whole. */
function exactDecimal(value: number): { numerator: bigint; denominator: bigint } {
  let denominator = 1n;
  let whole = value;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(whole), denominator };
}
