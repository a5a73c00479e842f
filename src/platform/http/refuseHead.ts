import { RequestError } from "../errors";

/** Contracts in the manner of FastAPI know GET alone: HEAD is a wrong method there. @throws RequestError 405 */
export function refuseHead({ request }: { request: Request }): void {
  if (request.method === "HEAD") throw new RequestError(405, "Method Not Allowed");
}
