import { RequestError } from "../../../../platform/errors";

/** A request of which a member passes a limit that its schema alone cannot state. */
export function refusal(path: readonly string[], expected: string, got: string): RequestError {
  return new RequestError(422, `${path.join(".")}: expected ${expected}, got ${got}`, {
    faults: [{ path: ["body", ...path], expected, got }],
  });
}
