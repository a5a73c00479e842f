import { RequestError } from "../../../../platform/errors";
import type { Checkpoint } from "../../checkpoint/checkpoint";
import { contextIn, parsedOptions } from "../../decoding/query";
import type { ForecastQuery } from "../../model";
import type { Family, Network } from "../network";
import { forecastTimesfm25 } from "./forecast";
import { timesfm25Graph } from "./graph";
import { tensorNames } from "./names";
import { type Timesfm25Options, timesfm25OptionsSchema } from "./options";
import { type Timesfm25Shape, timesfm25Shape } from "./shape";

/** Points that are looked at where nobody says. */
const USUAL_CONTEXT = 2048;

/** TimesFM 2.5. */
export const timesfm25Family: Family = {
  name: "TimesFM 2.5",
  matches: ({ tensors }) => tensors.has(tensorNames.layer(0).scaling),
  open: openTimesfm25,
};

function layerWeights({ layers }: Timesfm25Shape): string[] {
  return Array.from({ length: layers }, (_, index) => tensorNames.layer(index)).flatMap((names) => {
    return [names.projection, names.attentionOutput, names.mlpUp, names.mlpDown];
  });
}

function openTimesfm25(checkpoint: Checkpoint, config: unknown): Network {
  const shape = timesfm25Shape(checkpoint, config);
  return {
    family: "timesfm-2.5",
    title: "TimesFM 2.5",
    levels: shape.quantiles,
    maxContext: shape.maxLength - shape.outputPatch,
    maxHorizon: shape.maxLength - shape.patch,
    runHorizon: shape.outputPatch,
    fittedFrom: shape.patch,
    layers: shape.layers,
    graph: (form) => timesfm25Graph(checkpoint, shape, form),
    int8Weights: layerWeights(shape),
    forecaster(query, run) {
      const options = parsedOptions(timesfm25OptionsSchema, query.options);
      const context = contextOf(query, options, shape);
      const spreads = spreadsOf(query, options, shape);
      return (series) => forecastTimesfm25(series, { shape, run, query, options, context, spreads });
    },
    tokensOf: (series, { horizon }) =>
      Math.ceil((Math.min(series.values.length, shape.maxLength) + horizon) / shape.patch),
  };
}

/** @throws RequestError 422 when context and forecast do not fit together. */
function contextOf(query: Omit<ForecastQuery, "series">, options: Timesfm25Options, shape: Timesfm25Shape): number {
  const { patch, outputPatch, maxLength } = shape;
  const asked = query.contextLength ?? options.context_len ?? (options.forecast_config.max_context || undefined);
  const room = maxLength - Math.ceil(query.horizon / outputPatch) * outputPatch;
  if (room < patch) {
    throw new RequestError(422, `Context and forecast have at most ${maxLength} points together for this model.`, {
      faults: [{ path: ["horizon"], expected: `at most ${maxLength - patch}`, got: String(query.horizon) }],
    });
  }
  return contextIn(asked ?? Math.min(USUAL_CONTEXT, room), { patch, maxContext: room });
}

/** @throws RequestError 422 when the head of spreads is asked for more steps than it has. */
function spreadsOf(
  { horizon }: Omit<ForecastQuery, "series">,
  { forecast_config: { use_continuous_quantile_head: asked } }: Timesfm25Options,
  { spreadSteps }: Timesfm25Shape,
): "none" | "continuous" {
  const reaches = horizon <= spreadSteps;
  if (asked === true && !reaches) {
    const detail = `The continuous quantile head reaches ${spreadSteps} steps; got a horizon of ${horizon}. Leave it out.`;
    throw new RequestError(422, detail, {
      faults: [{ path: ["horizon"], expected: `at most ${spreadSteps}`, got: String(horizon) }],
    });
  }
  return (asked ?? reaches) ? "continuous" : "none";
}
