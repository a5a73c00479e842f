import type { Checkpoint } from "../../checkpoint/checkpoint";
import { readTensor } from "../../checkpoint/openCheckpoint";
import { linear, rmsNorm, silu } from "../../onnx/blocks";
import { GraphBuilder } from "../../onnx/graphBuilder";
import type { GraphForm } from "../network";
import { type BlockNames, tensorNames } from "./names";
import type { FracastShape } from "./shape";

/** The precision of f32, which the network was trained with. */
const NORM_EPSILON = 2 ** -23;
const RECENCY_CHANNELS = 5;
const INPUT_CHANNELS = 2 + RECENCY_CHANNELS;

/**
 * The network of Fracast (docs/forecasting.md, "Fracast"). Normalisation, periods and recency are made outside.
 *
 * Inputs, f32: `inputs` [B, window, 7], value, whether it is there, and recency; `phases` [B, window, 2 * periods];
 * `future` [B, horizon, 6], the seasonal fill and recency of each step.
 * Output, f32: `out` [B, horizon, quantiles], in normalised units.
 */
export function fracastGraph(checkpoint: Checkpoint, shape: FracastShape, form: GraphForm = {}): Uint8Array {
  const { width, window, horizon, seed, quantiles } = shape;
  const graph = new GraphBuilder(checkpoint);
  const inputs = graph.input("inputs", ["B", window, INPUT_CHANNELS]);
  const phases = graph.input("phases", ["B", window, 2 * shape.periods]);
  const future = graph.input("future", ["B", horizon, 1 + RECENCY_CHANNELS]);
  const context = encoded(graph, checkpoint, shape, { inputs, phases, layers: form.layers });
  let steps = decoded(graph, shape, context, sliced(graph, future, 2, 1, 1 + RECENCY_CHANNELS));
  const tail = sliced(graph, context, 1, window - seed, window);
  let states = graph.node(
    "Concat",
    [tail, applied(graph, future, tensorNames.futureInputs, 1 + RECENCY_CHANNELS, horizon)],
    {
      axis: { int: 1 },
    },
  );
  for (const dilation of shape.futureDilations) {
    states = block(graph, states, tensorNames.futureBlock, {
      width,
      tokens: seed + horizon,
      kernel: shape.kernel,
      dilation,
    });
  }
  const moved = applied(
    graph,
    sliced(graph, states, 1, seed, seed + horizon),
    tensorNames.futureOutputs,
    width,
    horizon,
  );
  steps = graph.add(steps, moved);
  graph.output("out", applied(graph, steps, tensorNames.outputs, width, horizon), ["B", horizon, quantiles.length]);
  return graph.model("fracast");
}

/** [B, window, width]: one convolution at ever larger distances, each conditioned on its distance. */
function encoded(
  graph: GraphBuilder,
  checkpoint: Checkpoint,
  { width, window, kernel, dilations, periods }: FracastShape,
  { inputs, phases, layers }: { inputs: string; phases: string; layers: number | undefined },
): string {
  let hidden = graph.add(
    applied(graph, inputs, tensorNames.inputs, INPUT_CHANNELS, window),
    applied(graph, phases, tensorNames.phases, 2 * periods, window),
  );
  const [weight, bias] = [
    readTensor(checkpoint, tensorNames.scale.weight),
    readTensor(checkpoint, tensorNames.scale.bias),
  ];
  for (const dilation of dilations.slice(0, layers)) {
    const { factor, offset } = conditionOf(weight, bias, dilation, width);
    hidden = graph.add(graph.multiply(hidden, graph.floats(factor, [width])), graph.floats(offset, [width]));
    hidden = block(graph, hidden, tensorNames.block, { width, tokens: window, kernel, dilation });
  }
  return rmsNorm(graph, hidden, tensorNames.norm, NORM_EPSILON);
}

/** [B, horizon, width]: a query for each step, over a summary of the context. */
function decoded(
  graph: GraphBuilder,
  { width, horizon, ...shape }: FracastShape,
  context: string,
  recency: string,
): string {
  const mean = graph.node("ReduceMean", [context, graph.integers(1)], { keepdims: { int: 1 } });
  const last = sliced(graph, context, 1, shape.window - 1, shape.window);
  const summary = graph.node("Concat", [mean, last], { axis: { int: 2 } });
  const repeated = graph.node("Expand", [summary, graph.integers(1, horizon, 1)]);
  const seen = graph.node("Concat", [recency, repeated], { axis: { int: 2 } });
  let steps = graph.add(
    applied(graph, seen, tensorNames.summary, RECENCY_CHANNELS + 2 * width, horizon),
    graph.weight(tensorNames.queries),
  );
  for (let layer = 0; layer < shape.decoderLayers; layer++) {
    const { mlp, norm } = tensorNames.decoder(layer);
    steps = rmsNorm(graph, graph.add(steps, swiglu(graph, steps, mlp, width, horizon)), norm, NORM_EPSILON);
  }
  for (let layer = 0; layer < shape.horizonConvolutions; layer++) {
    const names = tensorNames.horizonConvolution(layer);
    const smoothed = depthwise(graph, steps, names, { width, kernel: shape.kernel, dilation: 2 ** layer });
    steps = rmsNorm(graph, graph.add(steps, smoothed), names.norm, NORM_EPSILON);
  }
  return steps;
}

interface BlockSizes {
  width: number;
  tokens: number;
  kernel: number;
  dilation: number;
}

/** RMS(y + swiglu(y)) of y = RMS(x + W conv(x)). */
function block(graph: GraphBuilder, value: string, names: BlockNames, sizes: BlockSizes): string {
  const { width, tokens } = sizes;
  const mixed = applied(graph, depthwise(graph, value, names.depthwise, sizes), names.pointwise, width, tokens);
  const first = rmsNorm(graph, graph.add(value, mixed), names.firstNorm, NORM_EPSILON);
  const second = graph.add(first, swiglu(graph, first, names.mlp, width, tokens));
  return rmsNorm(graph, second, names.secondNorm, NORM_EPSILON);
}

/** A convolution of each channel on its own, which sees no later point. */
function depthwise(
  graph: GraphBuilder,
  value: string,
  { weight, bias }: { weight: string; bias: string },
  { width, kernel, dilation }: Pick<BlockSizes, "width" | "kernel" | "dilation">,
): string {
  const turn = { perm: { ints: [0, 2, 1] } };
  const channels = graph.node("Transpose", [value], turn);
  const convolved = graph.node("Conv", [channels, graph.weight(weight), graph.weight(bias)], {
    group: { int: width },
    kernel_shape: { ints: [kernel] },
    dilations: { ints: [dilation] },
    pads: { ints: [(kernel - 1) * dilation, 0] },
  });
  return graph.node("Transpose", [convolved], turn);
}

/** W_d (silu(gate) * value), where gate and value are the halves of W_u x. */
function swiglu(
  graph: GraphBuilder,
  value: string,
  { up, down }: BlockNames["mlp"],
  width: number,
  tokens: number,
): string {
  const both = linear(graph, graph.reshape(value, -1, width), up.weight, up.bias);
  const [gate, rest] = graph.nodes(2, "Split", [both], { axis: { int: 1 }, num_outputs: { int: 2 } });
  const lowered = linear(graph, graph.multiply(silu(graph, gate!), rest!), down.weight, down.bias);
  return graph.reshape(lowered, -1, tokens, width);
}

/** A linear layer over the last axis of [B, tokens, from]. */
function applied(
  graph: GraphBuilder,
  value: string,
  { weight, bias }: { weight: string; bias: string },
  from: number,
  tokens: number,
): string {
  const rows = linear(graph, graph.reshape(value, -1, from), weight, bias);
  // The batch is what is left over; of the sizes, only the last one changed.
  const sizes = graph.node("Concat", [graph.integers(-1, tokens), lastSize(graph, rows)], { axis: { int: 0 } });
  return graph.node("Reshape", [rows, sizes]);
}

function lastSize(graph: GraphBuilder, rows: string): string {
  return graph.node("Slice", [graph.node("Shape", [rows]), graph.integers(1), graph.integers(2)]);
}

function sliced(graph: GraphBuilder, value: string, axis: number, from: number, to: number): string {
  return graph.node("Slice", [value, graph.integers(from), graph.integers(to), graph.integers(axis)]);
}

/** x (1 + gamma) + beta, with gamma and beta linear in sines and cosines of the distance's logarithm. */
function conditionOf(
  weight: Float32Array,
  bias: Float32Array,
  dilation: number,
  width: number,
): { factor: Float32Array; offset: Float32Array } {
  const features = weight.length / bias.length;
  const frequencies = features / 2;
  const angles = Array.from({ length: frequencies }, (_, index) => (Math.log2(dilation) / 2 ** index) * Math.PI);
  const waves = [...angles.map(Math.sin), ...angles.map(Math.cos)].map(Math.fround);
  const both = bias.map((start, row) => {
    return waves.reduce((sum, wave, index) => sum + weight[row * features + index]! * wave, start);
  });
  return { factor: both.subarray(0, width).map((gamma) => 1 + gamma), offset: both.subarray(width) };
}
