import type { ErrorShape } from "../../../../platform/http/errorShape";
import { MalformedJson } from "../../../../platform/http/input";

/** `{"detail": sentence}`, whatever was wrong; too many requests also by the name that the original has for them. */
export const sentenceErrors: ErrorShape = {
  refused: ({ status, detail }) =>
    status === 429 ? { error: "rate_limit_exceeded", message: detail, detail } : { detail },
  invalid: (error) => ({
    status: 422,
    body: { detail: error instanceof MalformedJson ? error.message : (error.issues[0]?.message ?? "invalid") },
  }),
  failed: (id) => ({ detail: `Internal error ${id}; the log has the rest.` }),
};
