import type { Checkpoint } from "../../checkpoint/checkpoint";
import { readTensor } from "../../checkpoint/openCheckpoint";
import {
  attention,
  headsFirst,
  headsFirstTransposed,
  lastTokens,
  linear,
  residualBlock,
  rmsNorm,
  silu,
} from "../../onnx/blocks";
import { GraphBuilder } from "../../onnx/graphBuilder";
import { perDimensionScale } from "../../onnx/perDimensionScale";
import type { GraphForm } from "../network";
import { tensorNames } from "./names";
import type { Timesfm25Shape } from "./shape";

const NORM_EPSILON = 1e-6;

/**
 * The network of TimesFM 2.5 (docs/forecasting.md, "TimesFM 2.5"). Statistics and tokens are made outside.
 *
 * Inputs, f32: `tokens` [B, N, 2 * patch]; `mask` [1, 1, N, N], added to the logits; `cosine` and `sine`
 * [1, N, 1, headSize / 2], the rotation of each place; `reach` [K] and `spreadReach` [S], of which only the length
 * counts: the two heads are applied to the last K and S tokens.
 * Outputs, f32: `point` [B, K, outputPatch * columns] and `spread` [B, S, spreadSteps * columns], time major, in units of
 * the statistics.
 */
export function timesfm25Graph(checkpoint: Checkpoint, shape: Timesfm25Shape, form: GraphForm = {}): Uint8Array {
  const { width, patch, heads, headSize, columns } = shape;
  const graph = new GraphBuilder(checkpoint, form.int8);
  const tokens = graph.input("tokens", ["B", "N", 2 * patch]);
  const mask = graph.input("mask", [1, 1, "N", "N"]);
  const cosine = graph.input("cosine", [1, "N", 1, headSize / 2]);
  const sine = graph.input("sine", [1, "N", 1, headSize / 2]);
  const leading = graph.node("Slice", [graph.node("Shape", [tokens]), graph.integers(0), graph.integers(2)]);
  const sizes = (...last: number[]) => graph.node("Concat", [leading, graph.integers(...last)], { axis: { int: 0 } });
  const tokenSizes = sizes(width);
  const rows = graph.reshape(tokens, -1, 2 * patch);
  const tokenizer = { ...tensorNames.tokenizer, weight: ".weight", bias: ".bias" };
  let hidden = graph.node("Reshape", [residualBlock(graph, rows, tokenizer, silu), tokenSizes]);
  const inputs = { mask, cosine, sine, headSizes: sizes(heads, headSize), tokenSizes };
  for (let layer = 0; layer < Math.min(shape.layers, form.layers ?? shape.layers); layer++) {
    hidden = attentionPart(graph, checkpoint, shape, layer, { ...inputs, hidden });
    hidden = mlpPart(graph, shape, layer, { hidden, tokenSizes });
  }
  const headsOf = [
    {
      output: "point",
      reach: graph.input("reach", ["K"]),
      size: "K",
      names: tensorNames.pointHead,
      steps: shape.outputPatch,
    },
    {
      output: "spread",
      reach: graph.input("spreadReach", ["S"]),
      size: "S",
      names: tensorNames.spreadHead,
      steps: shape.spreadSteps,
    },
  ];
  for (const { output, reach, size, names, steps } of headsOf) {
    const reached = lastTokens(graph, hidden, reach, width);
    const said = residualBlock(graph, reached.rows, { ...names, weight: ".weight" }, silu);
    graph.output(output, reached.perToken(said, steps * columns), ["B", size, steps * columns]);
  }
  return graph.model("timesfm25");
}

interface AttentionInputs {
  hidden: string;
  mask: string;
  cosine: string;
  sine: string;
  headSizes: string;
  tokenSizes: string;
}

/** h + RMS(W_o softmax(q k') v) of RMS(h), where query and key are rotated by their place and then normed. */
function attentionPart(
  graph: GraphBuilder,
  checkpoint: Checkpoint,
  { width, heads, headSize }: Timesfm25Shape,
  layer: number,
  inputs: AttentionInputs,
): string {
  const names = tensorNames.layer(layer);
  const normed = graph.reshape(rmsNorm(graph, inputs.hidden, names.beforeAttention, NORM_EPSILON), -1, width);
  const projected = linear(graph, normed, names.projection);
  const thirds = graph.nodes(3, "Split", [projected, graph.integers(width, width, width)], { axis: { int: 1 } });
  const [query, key, value] = thirds.map((third) => graph.node("Reshape", [third, inputs.headSizes]));
  const turned = (place: string, norm: string) => {
    return rmsNorm(graph, rotated(graph, place, inputs, headSize / 2), norm, NORM_EPSILON);
  };
  const scale = graph.floats(perDimensionScale(readTensor(checkpoint, names.scaling), headSize), [headSize]);
  const mixed = attention(
    graph,
    {
      query: headsFirst(graph, graph.multiply(turned(query!, names.queryNorm), scale)),
      keyTransposed: headsFirstTransposed(graph, turned(key!, names.keyNorm)),
      value: headsFirst(graph, value!),
      mask: inputs.mask,
    },
    { count: heads, size: headSize },
  );
  const attended = graph.node("Reshape", [linear(graph, mixed, names.attentionOutput), inputs.tokenSizes]);
  return graph.add(inputs.hidden, rmsNorm(graph, attended, names.afterAttention, NORM_EPSILON));
}

/** The first half of each head is rotated with the second by the angles of the place. */
function rotated(
  graph: GraphBuilder,
  value: string,
  { cosine, sine }: Pick<AttentionInputs, "cosine" | "sine">,
  half: number,
): string {
  const halves = graph.nodes(2, "Split", [value, graph.integers(half, half)], { axis: { int: 3 } });
  const [first, second] = [halves[0]!, halves[1]!];
  const turnedFirst = graph.node("Sub", [graph.multiply(first, cosine), graph.multiply(second, sine)]);
  const turnedSecond = graph.add(graph.multiply(second, cosine), graph.multiply(first, sine));
  return graph.node("Concat", [turnedFirst, turnedSecond], { axis: { int: 3 } });
}

/** h + RMS(W_1 silu(W_0 RMS(h))). */
function mlpPart(
  graph: GraphBuilder,
  { width }: Timesfm25Shape,
  layer: number,
  { hidden, tokenSizes }: { hidden: string; tokenSizes: string },
): string {
  const names = tensorNames.layer(layer);
  const normed = graph.reshape(rmsNorm(graph, hidden, names.beforeMlp, NORM_EPSILON), -1, width);
  const down = linear(graph, silu(graph, linear(graph, normed, names.mlpUp)), names.mlpDown);
  const reshaped = graph.node("Reshape", [down, tokenSizes]);
  return graph.add(hidden, rmsNorm(graph, reshaped, names.afterMlp, NORM_EPSILON));
}
