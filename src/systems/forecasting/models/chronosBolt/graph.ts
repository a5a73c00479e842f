import type { Checkpoint } from "../../checkpoint/checkpoint";
import { attention, headsFirst, headsFirstTransposed, linear, residualBlock, rmsNorm } from "../../onnx/blocks";
import { GraphBuilder } from "../../onnx/graphBuilder";
import type { GraphForm } from "../network";
import { tensorNames } from "./names";
import type { ChronosBoltShape } from "./shape";

/**
 * The network of Chronos-Bolt (docs/forecasting.md, "Chronos-Bolt"). Statistics and tokens are made outside.
 *
 * Inputs, f32: `tokens` [B, N, 2 * patch], values and flags of each patch; `keyMask` [B, 1, 1, N + 1], added to the logits
 * of each key; `distanceBias` [1, heads, N + 1, N + 1], added to the encoder's logits.
 * Output, f32: `out` [B, quantiles * outputSteps], quantile major, in units of the statistics.
 */
export function chronosBoltGraph(checkpoint: Checkpoint, shape: ChronosBoltShape, form: GraphForm = {}): Uint8Array {
  const graph = new GraphBuilder(checkpoint, form.int8);
  const part = new Parts(graph, withLayers(shape, form.layers));
  const encoded = part.encoder();
  const decoded = part.decoder(encoded);
  const names = embeddingNames(tensorNames.output);
  const said = residualBlock(graph, graph.reshape(decoded, -1, shape.width), names, relu);
  graph.output("out", said, ["B", shape.quantiles.length * shape.outputSteps]);
  return graph.model("chronosBolt");
}

/** The two halves of the network, over one graph. */
class Parts {
  readonly #graph: GraphBuilder;
  readonly #shape: ChronosBoltShape;
  readonly #tokens: string;
  readonly #keyMask: string;
  /** [1]: how many rows the batch has. */
  readonly #batch: string;

  constructor(graph: GraphBuilder, shape: ChronosBoltShape) {
    this.#graph = graph;
    this.#shape = shape;
    this.#tokens = graph.input("tokens", ["B", "N", 2 * shape.patch]);
    this.#keyMask = graph.input("keyMask", ["B", 1, 1, "T"]);
    this.#batch = graph.node("Slice", [graph.node("Shape", [this.#tokens]), graph.integers(0), graph.integers(1)]);
  }

  /** [B, N + 1, width]: the patches and the token that ends the context. */
  encoder(): string {
    const graph = this.#graph;
    const { width, patch, heads, endToken, encoderLayers } = this.#shape;
    const bias = graph.input("distanceBias", [1, heads, "T", "T"]);
    const mask = graph.add(bias, this.#keyMask);
    const rows = graph.reshape(this.#tokens, -1, 2 * patch);
    const embedded = residualBlock(graph, rows, embeddingNames(tensorNames.input), relu);
    const patches = graph.node("Reshape", [embedded, this.#sizes(-1, width)]);
    let hidden = graph.node("Concat", [patches, this.#token(endToken)], { axis: { int: 1 } });
    for (let layer = 0; layer < encoderLayers; layer++) {
      const names = tensorNames.encoder(layer);
      const normed = this.#normed(hidden, names.attention.norm);
      hidden = graph.add(hidden, this.#attend(normed, normed, names.attention, mask));
      hidden = this.#mlp(hidden, names.mlp);
    }
    return this.#normed(hidden, tensorNames.encoderNorm);
  }

  /** [B, 1, width], of one token that looks at what the encoder made. */
  decoder(encoded: string): string {
    const graph = this.#graph;
    let hidden = this.#token(this.#shape.startToken);
    for (let layer = 0; layer < this.#shape.decoderLayers; layer++) {
      const { self, cross, mlp } = tensorNames.decoder(layer);
      // One token attends to itself alone: the softmax of one logit is 1.
      const rows = graph.reshape(this.#normed(hidden, self.norm), -1, this.#shape.width);
      const itself = linear(graph, linear(graph, rows, self.value), self.output);
      hidden = graph.add(hidden, graph.node("Reshape", [itself, this.#sizes(-1, this.#shape.width)]));
      hidden = graph.add(hidden, this.#attend(this.#normed(hidden, cross.norm), encoded, cross, this.#keyMask));
      hidden = this.#mlp(hidden, mlp);
    }
    return this.#normed(hidden, tensorNames.decoderNorm);
  }

  #attend(
    queries: string,
    keys: string,
    names: { query: string; key: string; value: string; output: string },
    mask: string,
  ): string {
    const graph = this.#graph;
    const { width, heads, headSize } = this.#shape;
    const projected = (from: string, weight: string) => {
      const rows = linear(graph, graph.reshape(from, -1, width), weight);
      return graph.node("Reshape", [rows, this.#sizes(-1, heads, headSize)]);
    };
    const mixed = attention(
      graph,
      {
        query: headsFirst(graph, projected(queries, names.query)),
        keyTransposed: headsFirstTransposed(graph, projected(keys, names.key)),
        value: headsFirst(graph, projected(keys, names.value)),
        mask,
      },
      { count: heads, size: headSize },
    );
    return graph.node("Reshape", [linear(graph, mixed, names.output), this.#sizes(-1, width)]);
  }

  #mlp(hidden: string, names: { up: string; down: string; norm: string }): string {
    const graph = this.#graph;
    const rows = graph.reshape(this.#normed(hidden, names.norm), -1, this.#shape.width);
    const down = linear(graph, relu(graph, linear(graph, rows, names.up)), names.down);
    return graph.add(hidden, graph.node("Reshape", [down, this.#sizes(-1, this.#shape.width)]));
  }

  #normed(hidden: string, weight: string): string {
    return rmsNorm(this.#graph, hidden, weight, this.#shape.normEpsilon);
  }

  /** A learned token, once for each row of the batch: [B, 1, width]. */
  #token(index: number): string {
    const graph = this.#graph;
    const one = graph.node("Gather", [graph.weight(tensorNames.tokens), graph.integers(index)], { axis: { int: 0 } });
    return graph.node("Expand", [one, this.#sizes(1, this.#shape.width)]);
  }

  /** The shape [B, ...]. */
  #sizes(...last: number[]): string {
    return this.#graph.node("Concat", [this.#batch, this.#graph.integers(...last)], { axis: { int: 0 } });
  }
}

/** The first layers of each half alone, where so many were asked for. */
function withLayers(shape: ChronosBoltShape, layers = Number.POSITIVE_INFINITY): ChronosBoltShape {
  const [encoderLayers, decoderLayers] = [shape.encoderLayers, shape.decoderLayers].map((all) => Math.min(all, layers));
  return { ...shape, encoderLayers: encoderLayers!, decoderLayers: decoderLayers! };
}

function relu(graph: GraphBuilder, value: string): string {
  return graph.node("Relu", [value]);
}

function embeddingNames(prefix: string) {
  return {
    hidden: `${prefix}.hidden_layer`,
    output: `${prefix}.output_layer`,
    residual: `${prefix}.residual_layer`,
    weight: ".weight",
    bias: ".bias",
  };
}
