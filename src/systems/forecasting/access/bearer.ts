import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../../../platform/clock";
import { RequestError } from "../../../platform/errors";
import { type AccessMode, isFromElsewhere } from "../../../platform/http/strangers";
import { readKeyToken } from "./keyToken";
import type { Caller, Meter } from "./meter";

/** The key that the original's README names. In closed mode that key opens nothing. */
export const KNOWN_API_KEY = "your_secret_key_change_me_in_production";

/** The name under which the API document knows the key. */
export const FORECASTING_KEY = "forecastingKey";

/** Who may forecast; docs/forecasting.md, "Keys". */
export interface Access {
  /** Callers of programs: the shared key, or the token of a key, as a bearer. @throws RequestError 401 */
  admit(request: Request): Caller;
  /** The same, but that this server's own page needs none while the service is open. @throws RequestError 401 */
  admitOrPage(request: Request): Caller;
  /** Counts what keys ask for. */
  meter: Meter;
}

export interface AccessOptions {
  mode: AccessMode;
  apiKey: string;
  /** Signs the tokens of keys. */
  tokenKey: Uint8Array;
  clock: Clock;
  meter: Meter;
}

export function createAccess({ mode, apiKey, tokenKey, clock, meter }: AccessOptions): Access {
  function admit({ headers }: Request): Caller {
    const given = /^bearer +(\S.*)$/i.exec(headers.get("authorization") ?? "")?.[1];
    if (given === undefined) throw refusal("Not authenticated");
    if (timingSafeEqual(hashOf(given), hashOf(apiKey))) return { name: "shared" };
    const grant = readKeyToken(given, tokenKey, clock.now());
    if (grant === undefined) throw refusal("Invalid API key");
    const { expiresAtS: _, name, ...limits } = grant;
    return { name: `key ${name}`, ...limits };
  }
  return {
    admit,
    admitOrPage(request) {
      // Browsers send it with every request of a page, and no page of another origin can send this value.
      const isOwnPage = request.headers.get("sec-fetch-site") === "same-origin" && !isFromElsewhere(request);
      if (mode === "open" && isOwnPage && !request.headers.has("authorization")) return { name: "page" };
      return admit(request);
    },
    meter,
  };
}

function refusal(detail: string): RequestError {
  return new RequestError(401, detail, { headers: { "www-authenticate": "Bearer" } });
}

function hashOf(text: string): Uint8Array {
  return new Bun.CryptoHasher("sha256").update(text).digest();
}
