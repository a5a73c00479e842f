import { join } from "node:path";
import type { FaultDetail } from "../../src/platform/http/fastapi/errors";

/** What FastAPI says to an input, as JSON text; test/golden/fastapi. */
export interface GoldenInput {
  input: string;
  value?: unknown;
  faults?: FaultDetail[];
  /** Where its server failed. */
  failed?: number;
}

export interface FastApiGolden {
  values: Record<string, GoldenInput[]>;
  syntax: GoldenInput[];
  models: GoldenInput[];
  dictionaries: GoldenInput[];
  queries: GoldenInput[];
  paths: GoldenInput[];
  forms: GoldenInput[];
}

export const fastApiGolden: FastApiGolden = await Bun.file(
  join(import.meta.dir, "../golden/fastapi/inputs.json"),
).json();

/** What is compared of a fault: all that clients may look at. The value itself is repeated only while it is short. */
export function faultsOf(details: readonly FaultDetail[]) {
  return details.map(({ type, loc, msg }) => ({ type, loc, msg }));
}
