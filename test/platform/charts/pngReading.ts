import { expect } from "bun:test";
import { inflateSync } from "node:zlib";

/** The pixels of a PNG of eight bits a channel, read back without the library that wrote it. */
export interface ReadPng {
  width: number;
  height: number;
  /** How many pixels have exactly that colour, given as `#rrggbb`. */
  count(colour: string): number;
  colours: ReadonlyMap<string, number>;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

export function readPng(png: Uint8Array): ReadPng {
  expect([...png.subarray(0, 8)]).toEqual(SIGNATURE);
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const packed: Uint8Array[] = [];
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === "IDAT") packed.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const [width, height, depth] = [view.getUint32(16), view.getUint32(20), view.getUint8(24)];
  const channels = CHANNELS[view.getUint8(25)]!;
  expect([depth, view.getUint8(28)]).toEqual([8, 0]);
  const raw = unfiltered(inflateSync(Buffer.concat(packed)), width * channels, channels, height);
  const colours = new Map<string, number>();
  for (let at = 0; at < raw.length; at += channels) {
    const colour = `#${Buffer.from(raw.buffer, at, 3).toString("hex")}`;
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  return { width, height, colours, count: (colour) => colours.get(colour) ?? 0 };
}

/** Each row begins with how its bytes are foretold from the left, the upper and the upper left pixel. */
function unfiltered(rows: Uint8Array, stride: number, channels: number, height: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = rows[row * (stride + 1)]!;
    for (let i = 0; i < stride; i++) {
      const at = row * stride + i;
      const left = i < channels ? 0 : out[at - channels]!;
      const up = row === 0 ? 0 : out[at - stride]!;
      const corner = i < channels || row === 0 ? 0 : out[at - stride - channels]!;
      out[at] = rows[row * (stride + 1) + 1 + i]! + foretold(filter, left, up, corner);
    }
  }
  return out;
}

function foretold(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((each) => Math.abs(guess - each)) as [number, number, number];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
