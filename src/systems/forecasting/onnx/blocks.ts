/** Parts that several networks share; docs/forecasting.md, "The networks", has each as a formula. */
import { ELEMENT_TYPES } from "../../../platform/native/onnxModel";
import type { GraphBuilder } from "./graphBuilder";

/** x W' + b for rows [rows, in] and a weight [out, in], as checkpoints store it. */
export function linear(graph: GraphBuilder, rows: string, weight: string, bias?: string): string {
  const int8 = graph.int8Weight(weight);
  if (int8 !== undefined) return int8Linear(graph, rows, int8, bias);
  const inputs = [rows, graph.weight(weight), ...(bias === undefined ? [] : [graph.weight(bias)])];
  return graph.node("Gemm", inputs, { transB: { int: 1 } });
}

/** Half of the range of an unsigned byte: what stands for 0. */
const ZERO_POINT = 128;
const MAX_INT8 = 127;
/** The smallest normal f32: a row of zeros is divided by it. */
const SMALLEST = 2 ** -126;

/**
 * The same in 8 bits (docs/forecasting.md, "Eight bits"): each row has a scale of its own, so that no row depends on
 * another, and each output has one of its own.
 */
function int8Linear(
  graph: GraphBuilder,
  rows: string,
  { matrix, scales }: { matrix: string; scales: string },
  bias: string | undefined,
): string {
  const largest = graph.node("ReduceMax", [graph.node("Abs", [rows]), graph.integers(-1)], { keepdims: { int: 1 } });
  const bounded = graph.node("Max", [largest, graph.float(SMALLEST)]);
  const rowScale = graph.node("Div", [bounded, graph.float(MAX_INT8)]);
  const rounded = graph.node("Round", [graph.node("Div", [rows, rowScale])]);
  const bytes = graph.node("Cast", [graph.add(rounded, graph.float(ZERO_POINT))], { to: { int: ELEMENT_TYPES.uint8 } });
  const inputs = [bytes, matrix, graph.float(1), scales, graph.byte(ZERO_POINT)];
  const product = graph.multiply(graph.node("MatMulIntegerToFloat", inputs, {}, "com.microsoft"), rowScale);
  return bias === undefined ? product : graph.add(product, graph.weight(bias));
}

/** x * sigmoid(x). */
export function silu(graph: GraphBuilder, value: string): string {
  return graph.multiply(value, graph.node("Sigmoid", [value]));
}

/** x / sqrt(mean(x^2) + epsilon) * w over the last axis. */
export function rmsNorm(graph: GraphBuilder, value: string, weight: string, epsilon: number): string {
  return graph.node("SimplifiedLayerNormalization", [value, graph.weight(weight)], {
    axis: { int: -1 },
    epsilon: { float: epsilon },
  });
}

/** The tensors of a residual block; absent biases are left out. */
export interface ResidualBlockNames {
  hidden: string;
  output: string;
  residual: string;
  /** Appended to each of the three names. */
  weight: string;
  bias?: string;
}

/** W_o f(W_h u + b_h) + b_o + W_r u + b_r. */
export function residualBlock(
  graph: GraphBuilder,
  rows: string,
  { hidden, output, residual, weight, bias }: ResidualBlockNames,
  activation: (graph: GraphBuilder, value: string) => string,
): string {
  const part = (input: string, name: string) => {
    return linear(graph, input, `${name}${weight}`, bias === undefined ? undefined : `${name}${bias}`);
  };
  return graph.add(part(activation(graph, part(rows, hidden)), output), part(rows, residual));
}

/** Sizes that attention needs. */
export interface Heads {
  count: number;
  size: number;
}

/**
 * softmax(q k' + mask) v, without a further scale.
 * @param query [batch, heads, tokens, size], as are `key` (transposed: [batch, heads, size, tokens]) and `value`
 * @param mask added to the logits; [.., .., tokens, tokens]
 * @returns rows [batch * tokens, heads * size]
 */
export function attention(
  graph: GraphBuilder,
  { query, keyTransposed, value, mask }: { query: string; keyTransposed: string; value: string; mask: string },
  heads: Heads,
): string {
  const logits = graph.add(graph.node("MatMul", [query, keyTransposed]), mask);
  const mixed = graph.node("MatMul", [graph.node("Softmax", [logits], { axis: { int: -1 } }), value]);
  return graph.reshape(
    graph.node("Transpose", [mixed], { perm: { ints: [0, 2, 1, 3] } }),
    -1,
    heads.count * heads.size,
  );
}

export function headsFirst(graph: GraphBuilder, value: string): string {
  return graph.node("Transpose", [value], { perm: { ints: [0, 2, 1, 3] } });
}

export function headsFirstTransposed(graph: GraphBuilder, value: string): string {
  return graph.node("Transpose", [value], { perm: { ints: [0, 2, 3, 1] } });
}

/**
 * The last K tokens of [B, N, width], where K is the length of `reach`; it may be 0.
 * @returns them as rows [B * K, width], and how rows that were made of them become [B, K, size] again
 */
export function lastTokens(
  graph: GraphBuilder,
  hidden: string,
  reach: string,
  width: number,
): { rows: string; perToken: (rows: string, size: number) => string } {
  const count = graph.node("Shape", [reach]);
  const end = graph.integers(Number.MAX_SAFE_INTEGER);
  const [batch, tokens] = graph.nodes(2, "Split", [
    graph.node("Slice", [graph.node("Shape", [hidden]), graph.integers(0), graph.integers(2)]),
    graph.integers(1, 1),
  ]);
  const last = graph.node("Slice", [hidden, graph.node("Sub", [tokens!, count]), end, graph.integers(1)]);
  return {
    rows: graph.reshape(last, -1, width),
    perToken(rows, size) {
      const sizes = graph.node("Concat", [batch!, count, graph.integers(size)], { axis: { int: 0 } });
      return graph.node("Reshape", [rows, sizes], { allowzero: { int: 1 } });
    },
  };
}
