import { RequestError } from "../../../platform/errors";

/** A failure that has a body of its own in this contract; docs/forecasting.md, "Errors of the original". */
export class ServiceError extends RequestError {
  readonly body: Record<string, unknown>;

  constructor(
    status: number,
    body: { error: string; message: string } & Record<string, unknown>,
    more: { retryAfterS?: number } = {},
  ) {
    super(status, body.message, more);
    this.body = body;
  }
}

/** What is wrong with the data, or with how it is asked for. */
export function dataError(status: number, message: string): ServiceError {
  return new ServiceError(status, { error: "DATA_ERROR", message, details: {} });
}

/** What is wrong with a model. */
export function modelError(status: number, message: string, details: Record<string, unknown> = {}): ServiceError {
  return new ServiceError(status, { error: "MODEL_ERROR", message, details });
}

/** What the original did not foresee, told by the name of its language's error. */
export function unforeseen(errorType: string): ServiceError {
  const message = "An unexpected error occurred. Please contact support.";
  return new ServiceError(500, { error: "INTERNAL_ERROR", message, details: { error_type: errorType } });
}

/** @param receivedBytes so far, where the whole size is not known */
export function tooLarge(receivedBytes: number, maxBytes: number): ServiceError {
  const message = `Request size ${receivedBytes} bytes exceeds maximum ${maxBytes} bytes`;
  return new ServiceError(413, { error: "REQUEST_TOO_LARGE", message, max_size: maxBytes });
}
