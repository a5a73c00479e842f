import type { Checkpoint } from "../../checkpoint/checkpoint";

/** How one of the two published forms of TimesFM 1.0 and 2.0 names its tensors. */
export interface Layout {
  /** [3, width]: what is added for each frequency. */
  frequency: string;
  tokenizer: BlockNames;
  head: BlockNames;
  layer(index: number): LayerNames;
}

/** Each is followed by `.weight` and `.bias`. */
interface BlockNames {
  hidden: string;
  output: string;
  residual: string;
}

interface LayerNames {
  inputNorm: string;
  scaling: string;
  /** One projection of [3 * width, width], or one each for query, key and value. */
  projections: readonly string[];
  attentionOutput: string;
  mlpNorm: string;
  mlpUp: string;
  mlpDown: string;
}

/** As the package that was released with the weights names them. */
const official: Layout = {
  frequency: "freq_emb.weight",
  tokenizer: block("input_ff_layer", "hidden_layer.0"),
  head: block("horizon_ff_layer", "hidden_layer.0"),
  layer: (index) => layerNames(`stacked_transformer.layers.${index}`, ["self_attn.qkv_proj"]),
};

/** As the transformers library names them. */
const transformers: Layout = {
  frequency: "decoder.freq_emb.weight",
  tokenizer: block("decoder.input_ff_layer", "input_layer"),
  head: block("horizon_ff_layer", "input_layer"),
  layer: (index) => {
    return layerNames(`decoder.layers.${index}`, ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]);
  },
};

/** The layout whose names a checkpoint has; undefined where it is no TimesFM 1.0 or 2.0. */
export function layoutOf({ tensors }: Checkpoint): Layout | undefined {
  return [official, transformers].find(
    ({ frequency, layer }) => tensors.has(frequency) && tensors.has(layer(0).scaling),
  );
}

function block(prefix: string, hidden: string): BlockNames {
  return { hidden: `${prefix}.${hidden}`, output: `${prefix}.output_layer`, residual: `${prefix}.residual_layer` };
}

function layerNames(prefix: string, projections: readonly string[]): LayerNames {
  return {
    inputNorm: `${prefix}.input_layernorm.weight`,
    scaling: `${prefix}.self_attn.scaling`,
    projections: projections.map((name) => `${prefix}.${name}`),
    attentionOutput: `${prefix}.self_attn.o_proj`,
    mlpNorm: `${prefix}.mlp.layer_norm`,
    mlpUp: `${prefix}.mlp.gate_proj`,
    mlpDown: `${prefix}.mlp.down_proj`,
  };
}
