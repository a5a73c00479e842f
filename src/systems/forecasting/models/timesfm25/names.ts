/** How the published checkpoint of TimesFM 2.5 names its tensors; the tokenizer alone has biases. */
export const tensorNames = {
  tokenizer: block("tokenizer"),
  pointHead: block("output_projection_point"),
  spreadHead: block("output_projection_quantiles"),
  layer(index: number) {
    const prefix = `stacked_xf.${index}`;
    return {
      beforeAttention: `${prefix}.pre_attn_ln.scale`,
      afterAttention: `${prefix}.post_attn_ln.scale`,
      beforeMlp: `${prefix}.pre_ff_ln.scale`,
      afterMlp: `${prefix}.post_ff_ln.scale`,
      projection: `${prefix}.attn.qkv_proj.weight`,
      attentionOutput: `${prefix}.attn.out.weight`,
      queryNorm: `${prefix}.attn.query_ln.scale`,
      keyNorm: `${prefix}.attn.key_ln.scale`,
      scaling: `${prefix}.attn.per_dim_scale.per_dim_scale`,
      mlpUp: `${prefix}.ff0.weight`,
      mlpDown: `${prefix}.ff1.weight`,
    };
  },
};

function block(prefix: string) {
  return { hidden: `${prefix}.hidden_layer`, output: `${prefix}.output_layer`, residual: `${prefix}.residual_layer` };
}
