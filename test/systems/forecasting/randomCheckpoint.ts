import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The sizes of a TimesFM 2.0 network; the published one has 50 layers of width 1280 in 16 heads. */
export interface RandomShape {
  layers: number;
  width: number;
  heads: number;
}

/** The published sizes of TimesFM 2.0. */
export const SHAPE_500M: RandomShape = { layers: 50, width: 1280, heads: 16 };

const PATCH = 32;
const OUTPUTS = 1280;
/** Values are taken from so many, from a place that differs by tensor: a gigabyte of fresh ones would take minutes. */
const POOL = 1 << 20;

/**
 * Writes a checkpoint of TimesFM 2.0 in its official layout, with random weights of the size that training begins with,
 * so that activations neither vanish nor grow. The same shape gives the same file.
 */
export function writeRandomCheckpoint(folder: string, shape: RandomShape): void {
  mkdirSync(folder, { recursive: true });
  const tensors = tensorsOf(shape);
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, sizes] of tensors) {
    const bytes = 4 * sizes.reduce((product, size) => product * size, 1);
    header[name] = { dtype: "F32", shape: sizes, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const file = openSync(join(folder, "torch_model.safetensors"), "w");
  writeSync(file, Buffer.concat([length, padded]));
  const pool = noisePool();
  for (const [index, [name, sizes]] of tensors.entries()) writeSync(file, valuesOf(name, sizes, pool, index * 7919));
  closeSync(file);
  const config = { model_type: "timesfm", use_positional_embedding: false, context_length: 2048 };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
}

function tensorsOf({ layers, width, heads }: RandomShape): [string, number[]][] {
  const block = (prefix: string, input: number, output: number): [string, number[]][] => [
    [`${prefix}.hidden_layer.0.weight`, [width, input]],
    [`${prefix}.hidden_layer.0.bias`, [width]],
    [`${prefix}.output_layer.weight`, [output, width]],
    [`${prefix}.output_layer.bias`, [output]],
    [`${prefix}.residual_layer.weight`, [output, input]],
    [`${prefix}.residual_layer.bias`, [output]],
  ];
  const layer = (index: number): [string, number[]][] => {
    const prefix = `stacked_transformer.layers.${index}`;
    return [
      [`${prefix}.input_layernorm.weight`, [width]],
      [`${prefix}.self_attn.scaling`, [width / heads]],
      [`${prefix}.self_attn.qkv_proj.weight`, [3 * width, width]],
      [`${prefix}.self_attn.qkv_proj.bias`, [3 * width]],
      ...["self_attn.o_proj", "mlp.gate_proj", "mlp.down_proj"].flatMap((name): [string, number[]][] => [
        [`${prefix}.${name}.weight`, [width, width]],
        [`${prefix}.${name}.bias`, [width]],
      ]),
      [`${prefix}.mlp.layer_norm.weight`, [width]],
      [`${prefix}.mlp.layer_norm.bias`, [width]],
    ];
  };
  return [
    ...block("input_ff_layer", 2 * PATCH, width),
    ["freq_emb.weight", [3, width]],
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    ...block("horizon_ff_layer", width, OUTPUTS),
  ];
}

function noisePool(): Float32Array {
  let state = 20_250;
  return Float32Array.from({ length: POOL }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32 - 0.5) * Math.sqrt(12);
  });
}

function valuesOf(name: string, sizes: number[], pool: Float32Array, from: number): Uint8Array {
  const count = sizes.reduce((product, size) => product * size, 1);
  const isNorm = /norm\.weight$/.test(name);
  const spread = sizes.length > 1 ? 0.7 / Math.sqrt(sizes[1]!) : 0.05;
  const values = new Float32Array(count);
  for (let index = 0; index < count; index++) values[index] = (isNorm ? 1 : 0) + spread * pool[(from + index) % POOL]!;
  return new Uint8Array(values.buffer);
}
