import { BAND_SHARES } from "../run/figures";
import type { BatchContents } from "./contents";

const MAGIC = "FSB1";
const PREAMBLE_BYTES = 8;
const FLOAT_BYTES = 4;

interface Block {
  name: "bands" | "inputs" | "points" | "series" | "means";
  /** Extents from the slowest to the fastest. */
  shape: number[];
  values: Float64Array;
}

/**
 * The answer as 32-bit floats behind a header; docs/filecoin.md, "The binary layout": `FSB1`, the length of the header
 * (32 bits, little end first), the header as JSON padded by spaces to a multiple of four bytes, then each of its
 * `blocks`, little end first. What is no number is NaN.
 */
export function writeBinary(contents: BatchContents): Uint8Array<ArrayBuffer> {
  const blocks = blocksOf(contents);
  const { about, outputs, sampledDays, pointDays, keptRuns } = contents;
  const header = {
    ...about,
    outputs,
    quantiles: BAND_SHARES,
    sampled_days: Array.from(sampledDays),
    point_days: Array.from(pointDays),
    inputs: contents.inputs?.names ?? [],
    kept_runs: keptRuns,
    blocks: blocks.map(({ name, shape }) => ({ name, shape })),
  };
  const text = JSON.stringify(header);
  const encoded = new TextEncoder().encode(text + " ".repeat(FLOAT_BYTES - 1));
  const headerBytes = encoded.length - (encoded.length % FLOAT_BYTES);
  const floats = blocks.reduce((sum, { values }) => sum + values.length, 0);
  const bytes = new Uint8Array(PREAMBLE_BYTES + headerBytes + FLOAT_BYTES * floats);
  const view = new DataView(bytes.buffer);
  new TextEncoder().encodeInto(MAGIC, bytes);
  view.setUint32(4, headerBytes, true);
  bytes.set(encoded.subarray(0, headerBytes), PREAMBLE_BYTES);
  let at = PREAMBLE_BYTES + headerBytes;
  for (const { values } of blocks) {
    for (let i = 0; i < values.length; i++, at += FLOAT_BYTES) view.setFloat32(at, values[i]!, true);
  }
  return bytes;
}

function blocksOf({ figures, outputs, sampledDays, pointDays, inputs, keptRuns }: BatchContents): Block[] {
  const blocks: Block[] = [];
  const { bands, points, kept } = figures;
  const days = sampledDays.length;
  if (bands !== undefined) {
    blocks.push({ name: "bands", shape: [outputs.length, days, BAND_SHARES.length], values: bands.values });
  }
  if (inputs !== undefined) {
    const width = inputs.names.length;
    blocks.push({ name: "inputs", shape: [inputs.points.length / width, width], values: inputs.points });
  }
  if (pointDays.length > 0) {
    const runs = points.length / (outputs.length * pointDays.length);
    blocks.push({ name: "points", shape: [outputs.length, pointDays.length, runs], values: points });
  }
  if (keptRuns.length > 0)
    blocks.push({ name: "series", shape: [keptRuns.length, outputs.length, days], values: kept });
  if (bands !== undefined) blocks.push({ name: "means", shape: [outputs.length, days], values: bands.means });
  return blocks;
}
