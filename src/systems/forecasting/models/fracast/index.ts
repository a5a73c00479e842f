import { z } from "zod";
import type { Checkpoint } from "../../checkpoint/checkpoint";
import { contextIn, parsedOptions } from "../../decoding/query";
import type { Family, Network } from "../network";
import { forecastFracast, TOKEN_POINTS } from "./forecast";
import { fracastGraph } from "./graph";
import { tensorNames } from "./names";
import { fracastShape } from "./shape";

const MAX_HORIZON = 10_000;

const optionsSchema = z.object({
  context_len: z.number().int().min(1).max(1_000_000).optional(),
  fix_quantile_crossing: z.boolean().default(true),
});

/** Fracast. */
export const fracastFamily: Family = {
  name: "Fracast",
  matches: ({ tensors }) => tensors.has(tensorNames.block.depthwise.weight) && tensors.has(tensorNames.queries),
  open: openFracast,
};

function openFracast(checkpoint: Checkpoint, config: unknown): Network {
  const shape = fracastShape(checkpoint, config);
  const { window, horizon, quantiles } = shape;
  return {
    family: "fracast",
    title: "Fracast",
    levels: quantiles,
    maxContext: window,
    maxHorizon: MAX_HORIZON,
    runHorizon: horizon,
    fittedFrom: Number.POSITIVE_INFINITY,
    layers: shape.dilations.length + shape.decoderLayers,
    graph: (form) => fracastGraph(checkpoint, shape, form),
    // Too small to gain anything.
    int8Weights: [],
    forecaster(query, run) {
      const options = parsedOptions(optionsSchema, query.options);
      const context = contextIn(query.contextLength ?? options.context_len, { patch: 1, maxContext: window });
      const fixCrossing = options.fix_quantile_crossing ? "repair" : "raw";
      return (series) => forecastFracast(series, { shape, run, query, fixCrossing, context });
    },
    tokensOf: (_series, query) => (window / TOKEN_POINTS) * Math.ceil(query.horizon / horizon),
  };
}
