/** How the published checkpoints of Chronos-Bolt, which are T5 models, name their tensors. */
export const tensorNames = {
  /** [tokens, width]: what the decoder starts with, and what ends a context. */
  tokens: "shared.weight",
  input: "input_patch_embedding",
  output: "output_patch_embedding",
  /** [buckets, heads]; every layer of the encoder uses the table of the first. */
  distanceBias: "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
  encoderNorm: "encoder.final_layer_norm.weight",
  decoderNorm: "decoder.final_layer_norm.weight",
  encoder: (layer: number) => {
    const prefix = `encoder.block.${layer}.layer`;
    return { attention: attention(`${prefix}.0`, "SelfAttention"), mlp: mlp(`${prefix}.1`) };
  },
  decoder: (layer: number) => {
    const prefix = `decoder.block.${layer}.layer`;
    return {
      self: attention(`${prefix}.0`, "SelfAttention"),
      cross: attention(`${prefix}.1`, "EncDecAttention"),
      mlp: mlp(`${prefix}.2`),
    };
  },
};

function attention(prefix: string, kind: string) {
  const weight = (letter: string) => `${prefix}.${kind}.${letter}.weight`;
  return { query: weight("q"), key: weight("k"), value: weight("v"), output: weight("o"), norm: norm(prefix) };
}

function mlp(prefix: string) {
  return { up: `${prefix}.DenseReluDense.wi.weight`, down: `${prefix}.DenseReluDense.wo.weight`, norm: norm(prefix) };
}

function norm(prefix: string): string {
  return `${prefix}.layer_norm.weight`;
}
