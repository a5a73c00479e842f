import { z } from "zod";
import type { FieldFault } from "../../errors";
import type { ErrorShape } from "../errorShape";
import { InvalidInput, type MalformedJson } from "../input";
import { type FaultParams, secretNames } from "./members";
import { isObject } from "./readers";

/** Most faults that one answer tells. */
const MAX_FAULTS = 20;
/** Lists, objects and texts no longer than this are repeated. */
const MAX_ECHO_ENTRIES = 10;
const MAX_ECHO_CHARACTERS = 60;

/** One fault in the contract's form. */
export interface FaultDetail {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
  ctx?: Record<string, unknown>;
}

/**
 * Errors as `{"detail": text}`, and those of the input as `{"detail": [{type, loc, msg, input, ctx?}]}` with 422;
 * docs/fastapi.md, "Refused requests".
 */
export const fastApiErrors: ErrorShape = {
  refused: ({ faults, detail }) => ({ detail: faults.length > 0 ? faults.map(ruleDetail) : detail }),
  invalid: (error) => ({
    status: 422,
    body: { detail: error instanceof InvalidInput ? faultDetails(error) : [syntaxDetail(error)] },
  }),
  failed: (id) => ({ detail: `Internal error ${id}; the log has the rest.` }),
};

type Refusal = Pick<InvalidInput, "part" | "issues" | "input" | "schema">;

/** The faults of a request, one entry each; values are repeated only while they are short and no secrets. */
export function faultDetails(error: Refusal): FaultDetail[] {
  return error.issues.slice(0, MAX_FAULTS).map((issue) => detailOf(issue, error));
}

function ruleDetail({ path, expected, got }: FieldFault): FaultDetail {
  return { type: "value_error", loc: path, msg: `Value error, expected ${expected}, got ${got}`, input: got };
}

function syntaxDetail({ message, offset }: MalformedJson): FaultDetail {
  return {
    type: "json_invalid",
    loc: ["body", offset],
    msg: "JSON decode error",
    input: {},
    ctx: { error: message },
  };
}

function detailOf(issue: z.core.$ZodIssue, { part, input: whole, schema }: Refusal): FaultDetail {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const loc = [part, ...path];
  if (issue.code === "custom" && issue.params !== undefined) {
    const { type, ctx, input } = issue.params as unknown as FaultParams;
    const shown = type === "missing" ? missingFrom(part, whole, path, schema) : echoed(input);
    return { type, loc, msg: issue.message, input: shown, ...(ctx && { ctx }) };
  }
  if (path.length === 0 && whole == null) return { type: "missing", loc, msg: "Field required", input: null };
  if (path.length === 0 && issue.code === "invalid_type") return { ...wholeFault(schema), loc, input: echoed(whole) };
  return { type: issue.code, loc, msg: issue.message, input: echoed(valueAt(whole, path)) };
}

/** A body that is no object. The contract words it by whether it takes any members, or those of a model. */
function wholeFault(schema: z.core.$ZodType): Pick<FaultDetail, "type" | "msg"> {
  const isDictionary = schema instanceof z.ZodObject && schema.meta()?.["additionalProperties"] === true;
  return isDictionary
    ? { type: "dict_type", msg: "Input should be a valid dictionary" }
    : {
        type: "model_attributes_type",
        msg: "Input should be a valid dictionary or object to extract fields from",
      };
}

/** What came instead of a member that is missing: the object around it. Only a body has one that the contract shows. */
function missingFrom(part: string, whole: unknown, path: (string | number)[], schema: z.core.$ZodType): unknown {
  const around = valueAt(whole, path.slice(0, -1));
  if (part !== "body" || !isObject(around)) return null;
  const secrets = path.length === 1 ? secretNames(schema) : new Set<string>();
  return echoed(Object.fromEntries(Object.entries(around).filter(([name]) => !secrets.has(name))));
}

function valueAt(whole: unknown, path: readonly (string | number)[]): unknown {
  let value = whole;
  for (const step of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** The value itself while it is short and flat, else what it is: nothing here walks into what a caller nested. */
function echoed(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return areShort(value) ? value : `a list, length ${value.length}`;
  if (isObject(value)) return areShort(Object.entries(value).flat()) ? value : "an object";
  return isShort(value) ? value : `${String(value).slice(0, MAX_ECHO_CHARACTERS)}...`;
}

function areShort(values: readonly unknown[]): boolean {
  return values.length <= 2 * MAX_ECHO_ENTRIES && values.every(isShort);
}

function isShort(value: unknown): boolean {
  return typeof value === "string" ? value.length <= MAX_ECHO_CHARACTERS : value === null || typeof value !== "object";
}
