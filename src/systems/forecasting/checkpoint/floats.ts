import type { FloatType } from "./checkpoint";

/** The values of little-endian bytes of that type, as f32; each is exact. */
export function widened(type: FloatType, bytes: Buffer<ArrayBuffer>, count: number): Float32Array {
  if (type === "F32") return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + count * 4));
  const values = new Float32Array(count);
  const bits = new Uint32Array(values.buffer);
  for (let index = 0; index < count; index++) {
    const half = bytes.readUInt16LE(index * 2);
    if (type === "BF16") bits[index] = half << 16;
    else values[index] = halfToNumber(half);
  }
  return values;
}

/** IEEE 754 binary16: one bit of sign, five of exponent (bias 15), ten of fraction. */
function halfToNumber(half: number): number {
  const sign = half >> 15 === 0 ? 1 : -1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
