import { RequestError } from "../../../platform/errors";
import { MalformedJson, readJson, readText } from "../../../platform/http/input";
import type { Caller } from "../service";
import { readToken, type TokenHolder } from "../tokens/token";

/** How requests are let in; docs/epistemix.md, "Headers" and "Tokens". */
export interface Access {
  /** Who reads, stops or removes. */
  reader(request: Request): TokenHolder;
  /** Who posts a body. */
  writer(request: Request): TokenHolder;
  caller(request: Request, holder: TokenHolder): Caller;
  /** The JSON of a body. @throws RequestError 400, 413 */
  json(request: Request): Promise<unknown>;
  /** The text of a body. @throws RequestError 413 */
  text(request: Request): Promise<string>;
}

export interface AccessOptions {
  tokenSecret: string | undefined;
  publicUrl: string | undefined;
  maxBodyBytes: number;
}

const READ_HEADERS = ["fredcli-version"];
const WRITE_HEADERS = ["content-type", "fredcli-version", "user-agent"];
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const CLIENT_VERSION = /\d+(?:\.\d+){2,}/;
const STANDARD_CLIENT_VERSION = "1.2.2";

export function createAccess({ tokenSecret, publicUrl, maxBodyBytes }: AccessOptions): Access {
  function holderOf({ headers }: Request, needed: readonly string[]): TokenHolder {
    const token = headers.get("offline-token") ?? headers.get("authorization");
    if (token === null || !needed.every((name) => headers.has(name))) {
      throw new RequestError(400, "Missing required headers");
    }
    return readToken(token, tokenSecret);
  }
  return {
    reader: (request) => holderOf(request, READ_HEADERS),
    writer(request) {
      const { headers } = request;
      const isComplete = WRITE_HEADERS.every((name) => headers.has(name));
      if (isComplete && !JSON_TYPE.test(headers.get("content-type")!)) {
        if (headers.has("offline-token") || headers.has("authorization")) {
          throw new RequestError(400, "Content-Type must be application/json");
        }
      }
      return holderOf(request, WRITE_HEADERS);
    },
    caller: (request, holder) => ({ holder, origin: publicUrl ?? new URL(request.url).origin }),
    async json(request) {
      const value = await readJson(request, maxBodyBytes);
      if (isFalsy(value)) throw new MalformedJson("an empty body", 0);
      return value;
    },
    text: (request) => readText(request, maxBodyBytes),
  };
}

/** What the original's language takes for nothing. */
function isFalsy(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return !value;
  return Object.keys(value).length === 0;
}

/** The version of the client, from its User-Agent. */
export function clientVersion(request: Request): string {
  return CLIENT_VERSION.exec((request.headers.get("user-agent") ?? "").slice(0, 200))?.[0] ?? STANDARD_CLIENT_VERSION;
}
