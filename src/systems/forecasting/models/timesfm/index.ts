import type { Checkpoint } from "../../checkpoint/checkpoint";
import { contextIn, parsedOptions } from "../../decoding/query";
import type { Family, Network } from "../network";
import { timesfmEmbedding } from "./embedding";
import { forecastTimesfm } from "./forecast";
import { timesfmGraph } from "./graph";
import { layoutOf } from "./names";
import { timesfmOptionsSchema } from "./options";
import { type TimesfmShape, timesfmShape } from "./shape";

const MAX_HORIZON = 10_000;

/** TimesFM 1.0 and 2.0. */
export const timesfmFamily: Family = {
  name: "TimesFM 1.0 and 2.0",
  matches: (checkpoint) => layoutOf(checkpoint) !== undefined,
  open: openTimesfm,
};

function layerWeights({ layout, layers }: TimesfmShape): string[] {
  return Array.from({ length: layers }, (_, index) => layout.layer(index)).flatMap((names) => {
    return [...names.projections, names.attentionOutput, names.mlpUp, names.mlpDown].map((name) => `${name}.weight`);
  });
}

function openTimesfm(checkpoint: Checkpoint, config: unknown): Network {
  const shape = timesfmShape(checkpoint, config);
  const version = shape.positional ? "1.0" : "2.0";
  const embeddingOf = timesfmEmbedding(checkpoint, shape);
  return {
    family: `timesfm-${version}`,
    title: `TimesFM ${version}`,
    levels: shape.quantiles,
    maxContext: shape.maxContext,
    maxHorizon: MAX_HORIZON,
    runHorizon: shape.outputPatch,
    fittedFrom: shape.patch,
    layers: shape.layers,
    graph: (form) => timesfmGraph(checkpoint, shape, form),
    int8Weights: layerWeights(shape),
    forecaster(query, run) {
      const options = parsedOptions(timesfmOptionsSchema, query.options);
      const context = contextIn(query.contextLength ?? options.context_len, shape);
      return (series) => forecastTimesfm(series, { shape, embeddingOf, run, query, options, context });
    },
    tokensOf: (series) => Math.ceil(Math.min(series.values.length, shape.maxContext) / shape.patch),
  };
}
