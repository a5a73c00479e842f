import { z } from "zod";
import { textLike } from "../../../../platform/http/api/texts";
import { nullish, optional, required } from "../../../../platform/http/fastapi/members";
import {
  flag,
  integer,
  isObject,
  object,
  type Reader,
  refused,
  refusedFor,
  text,
  then,
} from "../../../../platform/http/fastapi/readers";

/** Requests of the original's routes (docs/forecasting.md, "The original's routes"). */

export const MAX_HORIZON = 1024;
const MIN_CONTEXT = 32;
const MAX_INITIAL_HORIZON = 128;
const MAX_NAME = 1024;
const MAX_DEFINED_COLUMNS = 1000;

type Backend = "cpu" | "gpu" | "tpu";
const asBackend = (name: string) => ({ value: name as Backend });

/** @param mostContext points that a model of that kind can look at */
function initializationOf(mostContext: number) {
  return z
    .object({
      backend: optional(
        then(text({ longest: 100, pattern: /^(cpu|gpu|tpu)$/ }), asBackend),
        undefined,
        "cpu, gpu or tpu",
      ),
      context_len: optional(
        integer({ least: MIN_CONTEXT, most: mostContext }),
        undefined,
        "Points that the model looks at",
      ),
      horizon_len: optional(integer({ least: 1, most: MAX_INITIAL_HORIZON }), undefined, "Steps that it forecasts"),
      checkpoint: nullish(
        text({ longest: MAX_NAME }),
        "A model of the library, such as google/timesfm-2.0-500m-pytorch",
      ),
      local_model_path: nullish(text({ longest: MAX_NAME }), "A file or folder below the folder `local`; goes first"),
    })
    .meta({ examples: [{ backend: "cpu", context_len: 64, horizon_len: 24 }] });
}

/** For the model that the original serves. */
export const initialization = initializationOf(2048);
/** For any other. */
export const wideInitialization = initializationOf(16_384);

export type Initialization = z.output<typeof initialization>;

export const COLUMN_ROLES = [
  "static_numerical",
  "static_categorical",
  "dynamic_numerical",
  "target",
  "dynamic_categorical",
] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** How numbers of `parameters` were written: 64.0 and 64 are the same once they are read. */
export interface WrittenNumbers {
  /** The text of a number of `parameters`, or of one of the list `name`. */
  textOf(name: string, index?: number): string | undefined;
}

const NOT_KNOWN: WrittenNumbers = { textOf: () => undefined };

/** The body of an inference, as its numbers were written. */
export function inferenceOf(written: WrittenNumbers) {
  return z.object({
    data_source_url_or_path: required(
      text({ shortest: 1, longest: MAX_NAME }),
      "A file's name, a path below `data`, or an http(s) address",
    ),
    data_definition: required(definition(), "What each column is"),
    parameters: optional(parametersReader(written), {}, "How it is forecast; further members are let be"),
  });
}

export const inference = inferenceOf(NOT_KNOWN).meta({
  examples: [
    {
      data_source_url_or_path: "sample.csv",
      data_definition: { price: "target" },
      parameters: { context_len: 64, horizon_len: 24 },
    },
  ],
});

export type Inference = z.output<typeof inference>;

export const inferenceQuery = z.object({
  track: optional(flag(), false, "Whether the run is recorded with MLflow"),
});

export const modelPath = z.object({ model: textLike("timesfm20") });

function definition(): Reader<Record<string, ColumnRole>> {
  return then(dictionaryOfTexts(), (columns) => {
    const entries = Object.entries(columns);
    for (const [column, role] of entries) {
      if (COLUMN_ROLES.some((known) => known === role)) continue;
      const allowed = COLUMN_ROLES.map((known) => `'${known}'`).join(", ");
      return { refusal: `Invalid type '${role.slice(0, 60)}' for column '${column}'. Allowed: {${allowed}}` };
    }
    if (!entries.some(([, role]) => role === "target")) {
      return { refusal: "data_definition must have at least one 'target' column" };
    }
    return { value: columns as Record<string, ColumnRole> };
  });
}

function dictionaryOfTexts(): Reader<Record<string, string>> {
  const plain = object();
  const column = text({ longest: MAX_NAME });
  return {
    read(input) {
      const reading = plain.read(input);
      if ("faults" in reading) return reading;
      const entries = Object.entries(reading.value);
      const ctx = { field_type: "Dictionary", min_length: 1, actual_length: entries.length };
      const tooFew = "Dictionary should have at least 1 item after validation, not 0";
      if (entries.length === 0) return refused(input, "too_short", tooFew, ctx);
      if (entries.length > MAX_DEFINED_COLUMNS) return refusedFor(input, `at most ${MAX_DEFINED_COLUMNS} columns`);
      const faults = entries.flatMap(([name, value]) => {
        const read = column.read(value);
        return "faults" in read ? read.faults.map((fault) => ({ ...fault, path: [name, ...fault.path] })) : [];
      });
      return faults.length > 0 ? { faults } : { value: Object.fromEntries(entries) as Record<string, string> };
    },
    about: { type: "object", additionalProperties: { enum: COLUMN_ROLES }, minProperties: 1 },
  };
}

function parametersReader(written: WrittenNumbers): Reader<Record<string, unknown>> {
  return then(object(), (parameters) => {
    for (const name of ["context_len", "horizon_len"]) {
      const value = parameters[name];
      if (value === undefined || value === null) continue;
      const isWhole = Number.isSafeInteger(value) && !/[.e]/i.test(written.textOf(name) ?? "");
      if (!isWhole || Number(value) < 1) return { refusal: `${name} must be positive integer` };
    }
    const refusal = quantilesRefusal(parameters["quantiles"], written);
    return refusal === undefined ? { value: parameters } : { refusal };
  });
}

function quantilesRefusal(quantiles: unknown, written: WrittenNumbers): string | undefined {
  if (quantiles === undefined || quantiles === null) return undefined;
  if (!Array.isArray(quantiles)) return "quantiles must be a list";
  const wrong = quantiles.findIndex((value) => !(typeof value === "number" && value > 0 && value < 1));
  if (wrong < 0) return undefined;
  const shown = written.textOf("quantiles", wrong) ?? (isObject(quantiles[wrong]) ? "{...}" : String(quantiles[wrong]));
  return `quantile ${shown.slice(0, 60)} must be between 0 and 1`;
}
