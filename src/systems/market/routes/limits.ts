import type { Server } from "bun";
import { Elysia } from "elysia";
import { RequestError } from "../../../platform/errors";
import { createRateLimit, type RateAnswer } from "../../../platform/http/rateLimit";
import type { MarketService } from "../service";

type AnyServer = Server<unknown> | null;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The address that a request came from; empty where there is no socket. */
function addressOf(request: Request, server: AnyServer): string {
  return server?.requestIP(request)?.address ?? "";
}

/** What every answer tells of the limit that it counts towards. */
function headersOf({ limit, remaining, resetS }: RateAnswer): Record<string, string> {
  return { "ratelimit-limit": String(limit), "ratelimit-remaining": String(remaining), "ratelimit-reset": `${resetS}` };
}

/** Requests of one address in a minute, told in headers; no hook at all where there is no limit (docs/market.md, Rights). */
export function requestLimit({ options: { requestsPerMin = 0, clock } }: MarketService) {
  const app = new Elysia();
  if (requestsPerMin === 0) return app;
  const limit = createRateLimit(requestsPerMin, MINUTE_MS, clock.now);
  return app.onBeforeHandle({ as: "scoped" }, ({ request, server, set }) => {
    const told = limit.take(addressOf(request, server));
    Object.assign(set.headers, headersOf(told));
    if (told.isAllowed) return;
    const sentence = `One address may ask ${requestsPerMin} times a minute (MARKET_REQUESTS_PER_MIN).`;
    throw new RequestError(429, sentence, { retryAfterS: told.resetS, headers: headersOf(told) });
  });
}

/** Counts an account that nobody in particular opens. @throws RequestError 429 beyond the limit of one address. */
export function accountLimit({ options: { accountsPerHour = 0, clock } }: MarketService) {
  const limit = createRateLimit(accountsPerHour, HOUR_MS, clock.now);
  return (request: Request, server: AnyServer): void => {
    const told = limit.take(addressOf(request, server));
    if (told.isAllowed) return;
    throw new RequestError(429, `One address may open ${accountsPerHour} accounts an hour without a credential.`, {
      retryAfterS: told.resetS,
      headers: headersOf(told),
    });
  };
}
