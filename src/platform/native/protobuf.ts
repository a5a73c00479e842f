/** The wire format of Protocol Buffers, as far as writing messages needs it; https://protobuf.dev/programming-guides/encoding. */

const WIRE_VARINT = 0;
const WIRE_BYTES = 2;
const WIRE_FIXED_32 = 5;

/** Fields one after the other: the body of a message. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

/** A field of a whole number, from -2^53 to 2^53. */
export function integer(field: number, value: number): Uint8Array {
  return message(varint(field * 8 + WIRE_VARINT), value < 0 ? negativeVarint(value) : varint(value));
}

/** A field of 32-bit floating point. */
export function float(field: number, value: number): Uint8Array {
  const digits = new Uint8Array(4);
  new DataView(digits.buffer).setFloat32(0, value, true);
  return message(varint(field * 8 + WIRE_FIXED_32), digits);
}

export function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value));
}

/** A field of bytes, or of a message within the message. */
export function bytes(field: number, value: Uint8Array): Uint8Array {
  return message(varint(field * 8 + WIRE_BYTES), varint(value.byteLength), value);
}

/** Seven bits a byte, lowest first; the eighth says that more follow. For whole numbers from 0 to 2^53 - 1. */
function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = value;
  while (rest >= 128) {
    digits.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  digits.push(rest);
  return Uint8Array.from(digits);
}

/** A negative number is written as its two's complement of 64 bits, which takes ten bytes. */
function negativeVarint(value: number): Uint8Array {
  const digits = new Uint8Array(10);
  let rest = BigInt.asUintN(64, BigInt(value));
  for (let place = 0; place < 9; place++) {
    digits[place] = Number(rest & 0x7fn) + 128;
    rest >>= 7n;
  }
  digits[9] = Number(rest);
  return digits;
}
