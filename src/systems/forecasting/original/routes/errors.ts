import type { RequestError } from "../../../../platform/errors";
import type { ErrorShape } from "../../../../platform/http/errorShape";
import { type FaultDetail, fastApiErrors, faultDetails } from "../../../../platform/http/fastapi/errors";
import { InvalidInput } from "../../../../platform/http/input";
import { dataError, modelError, ServiceError } from "../faults";

/** What is no larger is repeated whole, as the original repeats everything. */
const MAX_ECHO_CHARACTERS = 4096;
const MAX_ECHO_ENTRIES = 100;

/** The three families of the original's errors; docs/forecasting.md, "Errors of the original". */
export const originalErrors: ErrorShape = {
  refused: (error) => (error instanceof ServiceError ? error.body : plain(error)),
  invalid(error) {
    if (!(error instanceof InvalidInput)) return fastApiErrors.invalid(error);
    return { status: 422, body: { detail: faultDetails(error).map((fault) => withInput(fault, error.input)) } };
  },
  failed: (id) => ({
    error: "INTERNAL_ERROR",
    message: "An unexpected error occurred. Please contact support.",
    details: { error_type: "InternalError", id },
  }),
};

/** What the framework refuses is told by `detail`; what a model or the data refuse, by the service's own family. */
function plain(error: RequestError): unknown {
  const { status, detail } = error;
  if (status === 422) return dataError(status, detail).body;
  if (status >= 499) return modelError(status, detail).body;
  return fastApiErrors.refused(error);
}

/** The faulty value itself, where it is small: nothing that these routes read is a secret. */
function withInput(fault: FaultDetail, whole: unknown): FaultDetail {
  const [, ...path] = fault.loc;
  const value = path.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown>)?.[step], whole);
  return fault.type !== "missing" && value !== undefined && isSmall(value) ? { ...fault, input: value } : fault;
}

/** Nothing is walked into deeper than a list in a list. */
function isSmall(value: unknown, levels = 2): boolean {
  if (typeof value === "string") return value.length <= MAX_ECHO_CHARACTERS;
  if (value === null || typeof value !== "object") return true;
  const entries = Object.entries(value);
  if (levels === 0 || entries.length > MAX_ECHO_ENTRIES) return false;
  return entries.every(([name, inner]) => name.length <= MAX_ECHO_CHARACTERS && isSmall(inner, levels - 1));
}
