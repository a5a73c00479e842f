import { z } from "zod";
import type { Checkpoint } from "../../checkpoint/checkpoint";
import { readTensor } from "../../checkpoint/openCheckpoint";
import { contextIn, parsedOptions } from "../../decoding/query";
import type { Family, Network } from "../network";
import { forecastChronosBolt } from "./forecast";
import { chronosBoltGraph } from "./graph";
import { tensorNames } from "./names";
import { chronosBoltOptionsSchema } from "./options";
import { type ChronosBoltShape, chronosBoltShape } from "./shape";
import { distanceBias } from "./tokens";

const MAX_HORIZON = 10_000;

const architectureSchema = z.object({ architectures: z.array(z.string()) });

/** Chronos-Bolt. */
export const chronosBoltFamily: Family = {
  name: "Chronos-Bolt",
  matches: ({ tensors }, config) => tensors.has(tensorNames.distanceBias) && isChronosBolt(config),
  open: openChronosBolt,
};

/** Its first version has the same names for another network, so that the configuration decides. */
function isChronosBolt(config: unknown): boolean {
  const parsed = architectureSchema.safeParse(config);
  return parsed.success && parsed.data.architectures.includes("ChronosBoltModelForForecasting");
}

/** Those of the encoder: the decoder has one token, and little work. */
function layerWeights({ encoderLayers }: ChronosBoltShape): string[] {
  return Array.from({ length: encoderLayers }, (_, index) => tensorNames.encoder(index)).flatMap(
    ({ attention, mlp }) => {
      return [attention.query, attention.key, attention.value, attention.output, mlp.up, mlp.down];
    },
  );
}

function openChronosBolt(checkpoint: Checkpoint, config: unknown): Network {
  const shape = chronosBoltShape(checkpoint, config);
  const table = readTensor(checkpoint, tensorNames.distanceBias);
  const { patch, outputSteps, quantiles, maxContext } = shape;
  return {
    family: "chronos-bolt",
    title: "Chronos-Bolt",
    levels: quantiles,
    maxContext,
    maxHorizon: MAX_HORIZON,
    runHorizon: outputSteps,
    fittedFrom: Number.POSITIVE_INFINITY,
    layers: shape.encoderLayers + shape.decoderLayers,
    graph: (form) => chronosBoltGraph(checkpoint, shape, form),
    int8Weights: layerWeights(shape),
    forecaster(query, run) {
      const options = parsedOptions(chronosBoltOptionsSchema, query.options);
      const context = contextIn(query.contextLength ?? options.context_len, { patch: 1, maxContext });
      const biasOf = (tokens: number) => distanceBias(table, tokens, shape);
      return (series) => forecastChronosBolt(series, { shape, biasOf, run, query, options, context });
    },
    tokensOf: (series, { horizon }) => {
      const tokens = Math.ceil(Math.min(series.values.length, maxContext) / patch) + 1;
      return horizon > outputSteps ? tokens * quantiles.length : tokens;
    },
  };
}
