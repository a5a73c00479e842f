import type { ErrorShape } from "../../../platform/http/errorShape";
import { faultDetails } from "../../../platform/http/fastapi/errors";
import { InvalidInput } from "../../../platform/http/input";

/** `error` for the mock's readers and `description` for the client's, with the same text. */
const told = (text: string) => ({ error: text, description: text });

/** Errors as this contract words them; docs/epistemix.md, "Errors". */
export const epistemixErrors: ErrorShape = {
  refused: ({ detail }) => told(detail),
  invalid(error) {
    if (!(error instanceof InvalidInput)) return { status: 400, body: told("Invalid JSON") };
    const details = faultDetails(error).map(({ loc, ...fault }) => ({ ...fault, loc: loc.slice(1) }));
    return { status: 400, body: { ...told("Invalid request data"), details } };
  },
  failed: (id) => ({
    error: "Internal server error",
    description: `Internal server error ${id}; the log has the rest`,
  }),
};
