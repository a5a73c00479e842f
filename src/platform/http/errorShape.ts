import { Elysia } from "elysia";
import { messageOf, RequestError } from "../errors";
import type { Log } from "../log";
import { InvalidInput, MalformedJson } from "./input";
import { requestIdOf } from "./requestId";

/**
 * How one contract words its errors. Each system states it once; routes throw typed errors and never write a body.
 * Every function gives the JSON value of the body.
 */
export interface ErrorShape {
  refused(error: RequestError): unknown;
  invalid(error: InvalidInput | MalformedJson): { status: number; body: unknown };
  /** `id` leads to the line in the log; nothing else of the fault leaves the server. */
  failed(id: string): unknown;
}

/** `{"detail": ...}`: a sentence, or for invalid input a list of `{loc, msg, type}`. */
export const detailShape: ErrorShape = {
  refused: (error) => ({ detail: error.faults.length > 0 ? faultList(error) : error.detail }),
  invalid(error) {
    if (error instanceof MalformedJson) {
      return {
        status: 422,
        body: { detail: [{ type: "json_invalid", loc: ["body", error.offset], msg: error.message }] },
      };
    }
    const detail = error.issues.map((issue) => ({
      type: issue.code,
      loc: [error.part, ...issue.path],
      msg: issue.message,
    }));
    return { status: 422, body: { detail } };
  },
  failed: (id) => ({ detail: `Internal error ${id}; the log has the rest.` }),
};

function faultList(error: RequestError): unknown {
  return error.faults.map(({ path, expected, got }) => ({ loc: path, msg: `expected ${expected}, got ${got}` }));
}

/** The root of one system's routes: whatever its handlers throw leaves in the given shape. */
export function routesWithErrors(name: string, shape: ErrorShape, log: Log) {
  return new Elysia({ name }).onError(({ error, request, set }) => {
    const answer = answerTo(error, shape, log, request);
    set.status = answer.status;
    Object.assign(set.headers, answer.headers);
    if (answer.retryAfterS !== undefined) set.headers["retry-after"] = String(answer.retryAfterS);
    return answer.body;
  });
}

interface ErrorAnswer {
  status: number;
  body: unknown;
  retryAfterS?: number | undefined;
  headers?: Readonly<Record<string, string>>;
}

/** The answer to whatever was thrown; an unknown fault goes to the log with the request's id. */
export function answerTo(error: unknown, shape: ErrorShape, log: Log, request: Request): ErrorAnswer {
  if (error instanceof RequestError) {
    const { status, retryAfterS, headers } = error;
    return { status, body: shape.refused(error), retryAfterS, headers };
  }
  if (error instanceof InvalidInput || error instanceof MalformedJson) return shape.invalid(error);
  const requestId = requestIdOf(request);
  log.write("error", "a request failed", { requestId, url: request.url, error: error ?? messageOf(error) });
  return { status: 500, body: shape.failed(requestId) };
}
