import { expect, test } from "bun:test";
import { powerSpectrum } from "../../src/numeric/fourier";

test("the spectrum is that of the definition, term by term", () => {
  const values = Array.from({ length: 32 }, (_, index) => Math.sin(index) + ((index * 7) % 5));
  const spectrum = powerSpectrum(values);
  expect(spectrum.length).toBe(17);
  for (const [frequency, power] of spectrum.entries()) {
    let [real, imaginary] = [0, 0];
    for (const [index, value] of values.entries()) {
      real += value * Math.cos((-2 * Math.PI * frequency * index) / values.length);
      imaginary += value * Math.sin((-2 * Math.PI * frequency * index) / values.length);
    }
    expect(power).toBeCloseTo(real ** 2 + imaginary ** 2, 8);
  }
});

test("a wave has all of its power at its own frequency", () => {
  const spectrum = powerSpectrum(Array.from({ length: 64 }, (_, index) => Math.cos((2 * Math.PI * 5 * index) / 64)));
  expect(spectrum[5]).toBeCloseTo(32 ** 2, 8);
  expect(Math.max(...spectrum.filter((_, frequency) => frequency !== 5))).toBeLessThan(1e-20);
});
