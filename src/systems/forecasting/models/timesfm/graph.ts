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
import type { Layout } from "./names";
import type { TimesfmShape } from "./shape";

const NORM_EPSILON = 1e-6;

/**
 * One step of TimesFM 1.0 or 2.0 (docs/forecasting.md, "TimesFM 1.0 and 2.0"). Statistics and tokens are made outside.
 *
 * Inputs, f32: `tokens` [B, N, 2 * patch], values and flags of each patch; `embedding` [B, E, width], what is added to
 * every token (E = 1) or to each one (E = N); `mask` [M, 1, N, N], added to the logits; `reach` [K], of which only the
 * length counts: the head is applied to the last K tokens.
 * Output, f32: `out` [B, K, outputPatch * columns], time major, not yet in the series' units.
 */
export function timesfmGraph(checkpoint: Checkpoint, shape: TimesfmShape, form: GraphForm = {}): Uint8Array {
  const { layout, layers, width, outputPatch, columns } = shape;
  const graph = new GraphBuilder(checkpoint, form.int8);
  const tokens = graph.input("tokens", ["B", "N", 2 * shape.patch]);
  const embedding = graph.input("embedding", ["B", "E", width]);
  const mask = graph.input("mask", ["M", 1, "N", "N"]);
  const rows = graph.reshape(tokens, -1, 2 * shape.patch);
  const leading = graph.node("Slice", [graph.node("Shape", [tokens]), graph.integers(0), graph.integers(2)]);
  const sizes = (...last: number[]) => graph.node("Concat", [leading, graph.integers(...last)], { axis: { int: 0 } });
  const tokenSizes = sizes(width);
  const headSizes = sizes(shape.heads, shape.headSize);
  const block = { weight: ".weight", bias: ".bias" };
  const embedded = residualBlock(graph, rows, { ...layout.tokenizer, ...block }, silu);
  let hidden = graph.add(graph.node("Reshape", [embedded, tokenSizes]), embedding);
  for (let layer = 0; layer < Math.min(layers, form.layers ?? layers); layer++) {
    hidden = transformerLayer(graph, checkpoint, shape, layout.layer(layer), { hidden, mask, headSizes, tokenSizes });
  }
  const outputs = outputPatch * columns;
  const reached = lastTokens(graph, hidden, graph.input("reach", ["K"]), width);
  const said = residualBlock(graph, reached.rows, { ...layout.head, ...block }, silu);
  graph.output("out", reached.perToken(said, outputs), ["B", "K", outputs]);
  return graph.model("timesfm");
}

interface LayerInputs {
  /** [B, N, width]. */
  hidden: string;
  mask: string;
  /** The shapes [B, N, heads, headSize] and [B, N, width]. */
  headSizes: string;
  tokenSizes: string;
}

function transformerLayer(
  graph: GraphBuilder,
  checkpoint: Checkpoint,
  { width, heads, headSize }: TimesfmShape,
  names: ReturnType<Layout["layer"]>,
  { hidden, mask, headSizes, tokenSizes }: LayerInputs,
): string {
  const normed = graph.reshape(rmsNorm(graph, hidden, names.inputNorm, NORM_EPSILON), -1, width);
  const projected = names.projections.map((name) => linear(graph, normed, `${name}.weight`, `${name}.bias`));
  const [query, key, value] = splitInThree(graph, projected, width).map((rows) => {
    return graph.node("Reshape", [rows, headSizes]);
  });
  const scale = graph.floats(perDimensionScale(readTensor(checkpoint, names.scaling), headSize), [headSize]);
  const mixed = attention(
    graph,
    {
      query: headsFirst(graph, graph.multiply(query!, scale)),
      keyTransposed: headsFirstTransposed(graph, key!),
      value: headsFirst(graph, value!),
      mask,
    },
    { count: heads, size: headSize },
  );
  const attended = linear(graph, mixed, `${names.attentionOutput}.weight`, `${names.attentionOutput}.bias`);
  const between = graph.add(hidden, graph.node("Reshape", [attended, tokenSizes]));
  const mlpInput = graph.node(
    "LayerNormalization",
    [between, graph.weight(`${names.mlpNorm}.weight`), graph.weight(`${names.mlpNorm}.bias`)],
    { axis: { int: -1 }, epsilon: { float: NORM_EPSILON } },
  );
  const up = linear(graph, graph.reshape(mlpInput, -1, width), `${names.mlpUp}.weight`, `${names.mlpUp}.bias`);
  const down = linear(graph, graph.node("Relu", [up]), `${names.mlpDown}.weight`, `${names.mlpDown}.bias`);
  return graph.add(between, graph.node("Reshape", [down, tokenSizes]));
}

function splitInThree(graph: GraphBuilder, projected: readonly string[], width: number): readonly string[] {
  if (projected.length === 3) return projected;
  return graph.nodes(3, "Split", [projected[0]!, graph.integers(width, width, width)], { axis: { int: 1 } });
}
