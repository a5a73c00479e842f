import { detailShape, type ErrorShape } from "../../platform/http/errorShape";
import { type InputPart, InvalidInput } from "../../platform/http/input";
import type { FaultParams } from "./schema";

/** Most faults that one answer tells. */
const MAX_FAULTS = 20;
/** Lists and texts no longer than this are repeated. */
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

/** `{"detail": ...}` as the contract words it: a sentence, or for invalid input one entry for each fault. */
export const filecoinErrors: ErrorShape = {
  ...detailShape,
  invalid(error) {
    if (error instanceof InvalidInput) return { status: 422, body: { detail: faultDetails(error) } };
    const ctx = { error: error.message };
    return {
      status: 422,
      body: { detail: [{ type: "json_invalid", loc: ["body"], msg: "JSON decode error", input: {}, ctx }] },
    };
  },
};

/** The faults of a request, one entry each; values are repeated only while they are short. */
export function faultDetails({ part, issues, input }: Pick<InvalidInput, "part" | "issues" | "input">): FaultDetail[] {
  return issues.slice(0, MAX_FAULTS).map((issue) => detailOf(part, issue, input));
}

type Issue = InvalidInput["issues"][number];

function detailOf(part: InputPart, issue: Issue, whole: unknown): FaultDetail {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const input = echoed(valueAt(whole, path));
  if (issue.code === "custom" && issue.params !== undefined) {
    const { type, branch, ctx } = issue.params as unknown as FaultParams;
    const [name, ...rest] = path;
    const loc = [part, ...(name === undefined ? [] : [name]), ...(branch === undefined ? [] : [branch]), ...rest];
    return { type, loc, msg: issue.message, input, ...(ctx && { ctx }) };
  }
  if (path.length === 0 && whole == null) return { type: "missing", loc: [part], msg: "Field required", input: null };
  if (path.length === 0 && issue.code === "invalid_type") {
    const msg = "Input should be a valid dictionary or object to extract fields from";
    return { type: "model_attributes_type", loc: [part], msg, input };
  }
  return { type: issue.code, loc: [part, ...path], msg: issue.message, input };
}

function valueAt(whole: unknown, path: readonly (string | number)[]): unknown {
  let value = whole;
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return value;
}

/** The value itself while it is short and flat, else what it is: nothing here walks into what a caller nested. */
function echoed(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.length <= MAX_ECHO_ENTRIES && value.every(isShort) ? value : counted(value);
  if (typeof value === "object" && value !== null) return "an object";
  return isShort(value) ? value : `${String(value).slice(0, MAX_ECHO_CHARACTERS)}...`;
}

function isShort(value: unknown): boolean {
  return typeof value === "string" ? value.length <= MAX_ECHO_CHARACTERS : value === null || typeof value !== "object";
}

function counted(list: readonly unknown[]): string {
  return `a list of ${list.length} entries`;
}
