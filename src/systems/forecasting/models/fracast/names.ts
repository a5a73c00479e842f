/** How a Fracast checkpoint names its tensors. */
export const tensorNames = {
  inputs: linear("core.in_proj"),
  phases: linear("core.periodic.proj"),
  scale: linear("core.scale.to_gb"),
  block: block("core.block"),
  norm: "core.norm.weight",
  summary: linear("head.summary_proj"),
  queries: "head.queries",
  decoder: (layer: number) => ({ mlp: mlp(`head.decoder_ffns.${layer}`), norm: `head.decoder_norms.${layer}.weight` }),
  horizonConvolution: (layer: number) => {
    const prefix = `head.fc_blocks.${layer}`;
    return { weight: `${prefix}.dw_weight`, bias: `${prefix}.dw_bias`, norm: `${prefix}.norm.weight` };
  },
  futureInputs: linear("head.future_conv.in_proj"),
  futureBlock: block("head.future_conv.block"),
  futureOutputs: linear("head.future_conv.out_proj"),
  outputs: linear("head.out_proj"),
};

export type BlockNames = ReturnType<typeof block>;

function linear(prefix: string) {
  return { weight: `${prefix}.weight`, bias: `${prefix}.bias` };
}

function mlp(prefix: string) {
  return { up: linear(`${prefix}.up`), down: linear(`${prefix}.down`) };
}

function block(prefix: string) {
  return {
    depthwise: { weight: `${prefix}.dw_weight`, bias: `${prefix}.dw_bias` },
    pointwise: linear(`${prefix}.pw`),
    mlp: mlp(`${prefix}.ffn`),
    firstNorm: `${prefix}.norm1.weight`,
    secondNorm: `${prefix}.norm2.weight`,
  };
}
