import { expect, test } from "bun:test";
import fc from "fast-check";
import { MAX_NUMBER_BYTES, writeHundredths, writeShortest } from "../../src/numeric/decimalBytes";

/** The exact rational value of a double as numerator over 2^shift. */
function exact(value: number): { numerator: bigint; shift: bigint } {
  const bits = new BigUint64Array(new Float64Array([Math.abs(value)]).buffer)[0]!;
  const exponent = bits >> 52n;
  const fraction = bits & (2n ** 52n - 1n);
  const mantissa = exponent === 0n ? fraction : fraction + 2n ** 52n;
  const power = (exponent === 0n ? 1n : exponent) - 1075n;
  return power >= 0n ? { numerator: mantissa << power, shift: 0n } : { numerator: mantissa, shift: -power };
}

/** The oracle: the text of |value| at two places, worked out in whole numbers only. */
function oracle(value: number): string {
  const { numerator, shift } = exact(value);
  const divisor = 1n << shift;
  const scaled = numerator * 100n;
  let units = scaled / divisor;
  const twice = 2n * (scaled % divisor);
  if (twice > divisor || (twice === divisor && units % 2n === 1n)) units += 1n;
  const digits = units.toString().padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function hundredths(value: number): string {
  const bytes = new Uint8Array(MAX_NUMBER_BYTES);
  return new TextDecoder().decode(bytes.subarray(0, writeHundredths(bytes, 0, value)));
}

const seed = Number(process.env["TEST_SEED"] ?? 20250909);
/** Values where rounding is hard: near and on ties, of every size. */
const hardValue = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -1e10, max: 1e10, noNaN: true }),
  fc
    .tuple(fc.integer({ min: -(2 ** 45), max: 2 ** 45 }), fc.constantFrom(8, 16, 200, 2_000_000))
    .map(([n, d]) => n / d),
);

test("two places are those of the exact binary value, ties to even", () => {
  const cases: [number, string][] = [
    [0.125, "0.12"],
    [0.375, "0.38"],
    [2.675, "2.67"],
    [1.005, "1.0"],
    [-0.125, "-0.12"],
    [-0.001, "-0.0"],
    [-0, "-0.0"],
    [0, "0.0"],
    [25, "25.0"],
    [0.995, "0.99"],
    [0.996, "1.0"],
    [99_999_999.999, "100000000.0"],
    [9_999_999_999_999.998, "10000000000000.0"],
    [1_234_567_890_123.4568, "1234567890123.46"],
    [100_000_000_000_000.02, "100000000000000.02"],
    [1e16, "10000000000000000"],
    [1e300, "1e+300"],
    [5e-324, "0.0"],
  ];
  for (const [value, text] of cases) expect(hundredths(value)).toBe(text);
});

test("the bytes of any number agree with whole-number arithmetic", () => {
  const rule = fc.property(hardValue, (value) => {
    if (Math.abs(value) >= 1e16) return Number(hundredths(value)) === value;
    const expected = oracle(value);
    const negative = value < 0 || Object.is(value, -0);
    const written = hundredths(value);
    return written.startsWith("-") === negative && written.replace("-", "").padEnd(expected.length, "0") === expected;
  });
  fc.assert(rule, { numRuns: 20_000, seed });
});

test("the shortest text reads back as the same number and fits the stated room", () => {
  const rule = fc.property(hardValue, (value) => {
    const bytes = new Uint8Array(MAX_NUMBER_BYTES);
    const length = writeShortest(bytes, 0, value);
    return length <= MAX_NUMBER_BYTES && Number(new TextDecoder().decode(bytes.subarray(0, length))) === value;
  });
  fc.assert(rule, { numRuns: 5_000, seed });
});
