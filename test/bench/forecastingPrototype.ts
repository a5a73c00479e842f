import type { Checkpoint } from "../../src/systems/forecasting/checkpoint/checkpoint";
import { MASKED } from "../../src/systems/forecasting/onnx/causalMask";
import { GraphBuilder } from "../../src/systems/forecasting/onnx/graphBuilder";

const PATCH = 32;
const COLUMNS = 10;
const OUTPUT_PATCH = 128;
const ONE = { int: 1 };

/**
 * What ours is measured against: the straightforward graph of TimesFM 2.0, with statistics, masks and units inside, every
 * operator a standard one, and short series padded to the context. Inputs `ts` and `pad` [B, C] and `freq` [B], all f32.
 */
export function prototypeGraph(checkpoint: Checkpoint, layers: number, width: number, heads: number): Uint8Array {
  const graph = new GraphBuilder(checkpoint);
  const size = width / heads;
  const [ts, pad, freq] = [graph.input("ts", ["B", "C"]), graph.input("pad", ["B", "C"]), graph.input("freq", ["B"])];
  const [zero, one] = [graph.float(0), graph.float(1)];
  const unsqueezed = (value: string, ...axes: number[]) => graph.node("Unsqueeze", [value, graph.integers(...axes)]);
  const summed = (value: string, axis: number, keep = 0) =>
    graph.node("ReduceSum", [value, graph.integers(axis)], { keepdims: { int: keep } });
  const shaped = (value: string, sizes: string) => graph.node("Reshape", [value, sizes]);
  const x = graph.reshape(ts, 0, -1, PATCH);
  const flags = graph.reshape(pad, 0, -1, PATCH);
  const valid = graph.node("Sub", [one, flags]);
  const counts = summed(valid, 2);
  const batchAndTokens = graph.node("Shape", [counts]);
  const sizes = (...last: number[]) =>
    graph.node("Concat", [batchAndTokens, graph.integers(...last)], { axis: { int: 0 } });
  const enough = graph.node("Cast", [graph.node("GreaterOrEqual", [counts, graph.float(3)])], { to: ONE });
  const first = unsqueezed(graph.node("ArgMax", [enough], { axis: ONE, keepdims: { int: 0 } }), 1);
  const chosen = (value: string) => graph.node("GatherND", [value, first], { batch_dims: ONE });
  const [points, present] = [chosen(x), chosen(valid)];
  const count = graph.node("Max", [summed(present, 1, 1), one]);
  const mean = graph.node("Div", [summed(graph.multiply(points, present), 1, 1), count]);
  const centred = graph.multiply(graph.node("Sub", [points, mean]), present);
  const variance = graph.node("Div", [summed(graph.multiply(centred, centred), 1, 1), count]);
  const sigma = graph.node("Max", [graph.node("Sqrt", [variance]), graph.float(1e-6)]);
  const [mu, spread] = [unsqueezed(mean, 2), unsqueezed(sigma, 2)];
  const z = graph.multiply(graph.node("Div", [graph.node("Sub", [x, mu]), spread]), valid);
  const tokens = graph.reshape(graph.node("Concat", [z, flags], { axis: { int: -1 } }), -1, 2 * PATCH);
  const linear = (rows: string, name: string) =>
    graph.node("Gemm", [rows, graph.weight(`${name}.weight`), graph.weight(`${name}.bias`)], { transB: ONE });
  const block = (rows: string, name: string) => {
    const hidden = linear(rows, `${name}.hidden_layer.0`);
    const activated = graph.multiply(hidden, graph.node("Sigmoid", [hidden]));
    return graph.add(linear(activated, `${name}.output_layer`), linear(rows, `${name}.residual_layer`));
  };
  const tokenSizes = sizes(width);
  const frequency = graph.node("Cast", [freq], { to: { int: 7 } });
  const added = graph.node("Gather", [graph.weight("freq_emb.weight"), frequency], { axis: { int: 0 } });
  let hidden = graph.add(shaped(block(tokens, "input_ff_layer"), tokenSizes), unsqueezed(added, 1));
  const empty = graph.node("ReduceMin", [flags, graph.integers(2)], { keepdims: { int: 0 } });
  const count64 = graph.node("Gather", [batchAndTokens, graph.node("Squeeze", [graph.integers(1)])], {});
  const [from, step] = [graph.node("Squeeze", [graph.integers(0)]), graph.node("Squeeze", [graph.integers(1)])];
  const range = graph.node("Range", [from, count64, step]);
  const later = graph.node("Greater", [unsqueezed(range, 0), unsqueezed(range, 1)]);
  const noKey = graph.node("Greater", [unsqueezed(empty, 1, 2), graph.float(0.5)]);
  const mask = graph.node("Where", [graph.node("Or", [later, noKey]), graph.float(MASKED), zero]);
  const kept = unsqueezed(graph.node("Sub", [one, empty]), 2);
  const headSizes = sizes(heads, size);
  const turned = (value: string, ...perm: number[]) => graph.node("Transpose", [value], { perm: { ints: perm } });
  for (let layer = 0; layer < layers; layer++) {
    const name = `stacked_transformer.layers.${layer}`;
    const squares = graph.node("ReduceMean", [graph.multiply(hidden, hidden), graph.integers(-1)], { keepdims: ONE });
    const root = graph.node("Sqrt", [graph.add(squares, graph.float(1e-6))]);
    const normed = graph.multiply(graph.node("Div", [hidden, root]), graph.weight(`${name}.input_layernorm.weight`));
    const thirds = graph.nodes(
      3,
      "Split",
      [linear(graph.reshape(normed, -1, width), `${name}.self_attn.qkv_proj`), graph.integers(width, width, width)],
      { axis: ONE },
    );
    const [query, key, value] = thirds.map((third) => shaped(third, headSizes));
    const learned = graph.node("Softplus", [graph.weight(`${name}.self_attn.scaling`)]);
    // biome-ignore lint/suspicious/noApproximativeNumericConstant: the network's own rounding of it
    const scale = graph.multiply(learned, graph.float(1.442695041 / Math.sqrt(size)));
    const logits = graph.node("MatMul", [turned(graph.multiply(query!, scale), 0, 2, 1, 3), turned(key!, 0, 2, 3, 1)]);
    const weights = graph.node("Softmax", [graph.add(logits, mask)], { axis: { int: -1 } });
    const mixed = turned(graph.node("MatMul", [weights, turned(value!, 0, 2, 1, 3)]), 0, 2, 1, 3);
    hidden = graph.add(hidden, shaped(linear(graph.reshape(mixed, -1, width), `${name}.self_attn.o_proj`), tokenSizes));
    const norm = [hidden, graph.weight(`${name}.mlp.layer_norm.weight`), graph.weight(`${name}.mlp.layer_norm.bias`)];
    const mlp = graph.reshape(graph.node("LayerNormalization", norm, { epsilon: { float: 1e-6 } }), -1, width);
    const down = linear(graph.node("Relu", [linear(mlp, `${name}.mlp.gate_proj`)]), `${name}.mlp.down_proj`);
    hidden = graph.add(graph.multiply(shaped(down, tokenSizes), kept), hidden);
  }
  const last = graph.node("Gather", [hidden, graph.node("Squeeze", [graph.integers(-1)])], { axis: ONE });
  const out = graph.reshape(block(last, "horizon_ff_layer"), -1, OUTPUT_PATCH, COLUMNS);
  graph.output("out", graph.add(graph.multiply(out, spread), mu), ["B", OUTPUT_PATCH, COLUMNS]);
  return graph.model("prototype");
}
