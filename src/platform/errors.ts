/**
 * A fault of the person at the command line or in the settings: a port in use, a locked folder, an unknown flag.
 * The command prints the one sentence to standard error and exits with 2.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** One wrong member of a request: where it stands, what was expected and what came. */
export interface FieldFault {
  path: (string | number)[];
  expected: string;
  got: string;
}

interface RequestErrorExtras {
  faults?: FieldFault[];
  retryAfterS?: number;
  headers?: Record<string, string>;
}

/**
 * A request that cannot be served, told to the caller. Routes and services throw it; each system's error shape makes
 * the body of it. `detail` says what was wrong, where, and what to do, and never holds a secret.
 */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;
  readonly detail: string;
  readonly faults: readonly FieldFault[];
  /** Seconds until a new try makes sense; sent as Retry-After. */
  readonly retryAfterS: number | undefined;
  /** Headers that the answer has besides. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, more: RequestErrorExtras = {}) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.faults = more.faults ?? [];
    this.retryAfterS = more.retryAfterS;
    this.headers = more.headers ?? {};
  }
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
