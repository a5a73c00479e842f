import { DrizzleQueryError } from "drizzle-orm/errors";
import { messageOf, RequestError } from "../errors";

/** Two transactions met that cannot both have run alone (40001), or waited for each other (40P01). */
const CONFLICT = new Set(["40001", "40P01"]);
/** Insufficient resources, operator intervention, system error: classes of the manual's appendix A. */
const UNAVAILABLE_CLASS = /^(53|57|58|08)/;
const RETRY_AFTER_S = 5;

interface PostgresError {
  /** Bun's code; for what the server said `ERR_POSTGRES_SERVER_ERROR`. */
  code?: string;
  /** SQLSTATE. */
  errno?: string;
}

/** Whether running the same transaction again may succeed. */
export function isConflict(error: unknown): boolean {
  return CONFLICT.has((unwrapped(error) as PostgresError).errno ?? "");
}

/**
 * What a failed query is told as: a server that is gone, full or closing is a 503; everything else is the server's own
 * error, without drizzle's message around it, which holds the values of the query.
 */
export function toldPostgresError(error: unknown): unknown {
  const bare = unwrapped(error);
  const { code = "", errno = "" } = bare as PostgresError;
  const gone = code.startsWith("ERR_POSTGRES_") && code !== "ERR_POSTGRES_SERVER_ERROR";
  if (!gone && !UNAVAILABLE_CLASS.test(errno)) return bare;
  const told = new RequestError(503, `The database cannot be used now (${messageOf(bare)}); nothing was changed.`, {
    retryAfterS: RETRY_AFTER_S,
  });
  told.cause = bare;
  return told;
}

function unwrapped(error: unknown): object {
  if (error instanceof DrizzleQueryError && error.cause !== undefined) return error.cause;
  return typeof error === "object" && error !== null ? error : new Error(String(error));
}
