import type { FloatTensor } from "../../../../platform/native/inference";
import type { Checkpoint } from "../../checkpoint/checkpoint";
import { readTensor } from "../../checkpoint/openCheckpoint";
import type { Frequency } from "../../model";
import type { TimesfmShape } from "./shape";

/** What is added to the tokens of a window: its frequency, and in 1.0 the place of each patch. */
export type EmbeddingOf = (frequency: Frequency, empty: Uint8Array) => FloatTensor;

/** Reads what the checkpoint has learned of frequencies. */
export function timesfmEmbedding(checkpoint: Checkpoint, shape: TimesfmShape): EmbeddingOf {
  const { width } = shape;
  const learned = readTensor(checkpoint, shape.layout.frequency);
  const ofFrequency = (frequency: Frequency) => learned.slice(frequency * width, (frequency + 1) * width);
  if (!shape.positional) return (frequency) => ({ shape: [1, width], values: ofFrequency(frequency) });
  return (frequency, empty) => {
    const values = new Float32Array(empty.length * width);
    const first = empty.indexOf(0);
    const added = ofFrequency(frequency);
    for (let patch = 0; patch < empty.length; patch++) {
      // Places count from the first patch with a value; those before it wrap around, and where there is none it is at -1.
      const place = (patch - first + empty.length) % empty.length;
      const sinusoid = sinusoidAt(place, shape);
      for (let index = 0; index < width; index++) values[patch * width + index] = sinusoid[index]! + added[index]!;
    }
    return { shape: [empty.length, width], values };
  };
}

/** [sin(t w_i) ; cos(t w_i)] with w_i falling from 1 / minTimescale to 1 / maxTimescale in equal ratios. */
function sinusoidAt(place: number, { width, minTimescale, maxTimescale }: TimesfmShape): Float32Array {
  const half = width / 2;
  const step = Math.log(maxTimescale / minTimescale) / Math.max(1, half - 1);
  const values = new Float32Array(width);
  for (let index = 0; index < half; index++) {
    const angle = Math.fround(place * Math.fround(minTimescale * Math.exp(Math.fround(index * -step))));
    values[index] = Math.sin(angle);
    values[half + index] = Math.cos(angle);
  }
  return values;
}
