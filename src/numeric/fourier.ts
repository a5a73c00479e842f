/**
 * The discrete Fourier transform of real values, up to half of the sampling rate: the squared magnitude of each frequency
 * from 0 to length / 2. Source: J. Cooley, J. Tukey, "An algorithm for the machine calculation of complex Fourier series",
 * 1965 (radix 2, decimation in time).
 * @param values as many as a power of two
 */
export function powerSpectrum(values: ArrayLike<number>): Float64Array {
  const { length } = values;
  const real = new Float64Array(length);
  const imaginary = new Float64Array(length);
  for (let index = 0; index < length; index++) real[reversedBits(index, length)] = values[index]!;
  for (let half = 1; half < length; half *= 2) {
    for (let step = 0; step < half; step++) {
      const angle = (-Math.PI * step) / half;
      const turn = { cosine: Math.cos(angle), sine: Math.sin(angle) };
      for (let at = step; at < length; at += 2 * half) combine(real, imaginary, at, at + half, turn);
    }
  }
  return Float64Array.from({ length: length / 2 + 1 }, (_, index) => real[index]! ** 2 + imaginary[index]! ** 2);
}

function combine(
  real: Float64Array,
  imaginary: Float64Array,
  low: number,
  high: number,
  { cosine, sine }: { cosine: number; sine: number },
): void {
  const turnedReal = real[high]! * cosine - imaginary[high]! * sine;
  const turnedImaginary = real[high]! * sine + imaginary[high]! * cosine;
  real[high] = real[low]! - turnedReal;
  imaginary[high] = imaginary[low]! - turnedImaginary;
  real[low]! += turnedReal;
  imaginary[low]! += turnedImaginary;
}

function reversedBits(index: number, length: number): number {
  let [reversed, rest] = [0, index];
  for (let bit = 1; bit < length; bit *= 2) {
    reversed = reversed * 2 + (rest & 1);
    rest >>= 1;
  }
  return reversed;
}
