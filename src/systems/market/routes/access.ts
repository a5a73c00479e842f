import { createHash } from "node:crypto";
import type { z } from "zod";
import { RequestError } from "../../../platform/errors";
import type { Security } from "../../../platform/http/api/operation";
import { readJson, valid } from "../../../platform/http/input";
import type { OnceKey } from "../dealings/once";
import { anonymous, demand, type Principal, type Right, type RightName, rights } from "../rights";
import type { MarketService } from "../service";

/** The largest body of a request to the market. */
export const MAX_MARKET_BODY_BYTES = 64 * 1024;

/** The JSON body of a request by its schema. @throws InvalidInput, MalformedJson, RequestError 413. */
export async function bodyOf<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  return valid(schema, await readJson(request, MAX_MARKET_BODY_BYTES), "body");
}

const MAX_ONCE_KEY_LENGTH = 255;

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** What stands before the routes: who calls, and may they. */
export interface Access {
  /** Who calls, without asking for anything. */
  who(request: Request): Promise<Principal>;
  /** Who calls. @throws RequestError 401 where the right is nobody's in particular and nobody is signed in. */
  caller(request: Request, right: RightName): Promise<Principal>;
  /** Whether the caller is this account, or the wallet whose address that account is known to have. */
  owns(who: Principal, accountId: string): boolean;
  /** @throws RequestError 401, 403 */
  demand(right: RightName, who: Principal, owns: boolean): void;
  /** Both, for what is the same for everything one owns. */
  pass(request: Request, right: RightName): Promise<Principal>;
  /** The caller's `Idempotency-Key`, so that what comes twice is done once; undefined without one. */
  onceKey(request: Request, who: Principal, body: unknown): OnceKey | undefined;
  /** What the API document says of that right: who may do it without a credential, and which credentials there are. */
  waysIn(right: RightName): Security[];
}

/** The two credentials, as `securitySchemes` of the market names them. */
export const WALLET: Security = { walletToken: [] };
const KEY: Security = { marketKey: [] };

export function createAccess({ credentials, options: { mode } }: MarketService): Access {
  /** Whether it makes no difference who calls, so that nobody need be looked up. */
  function isForAll(name: RightName): boolean {
    const right: Right = rights[name];
    return right.anonymous[mode] && right.provider === "any" && right.consumer === "any" && right.closed === undefined;
  }

  async function caller(request: Request, name: RightName): Promise<Principal> {
    if (isForAll(name)) return anonymous;
    const who = await credentials.whoIs(request.headers);
    if (who.role === "anonymous") demand(name, who, false, mode);
    return who;
  }

  return {
    who: ({ headers }) => credentials.whoIs(headers),
    caller,
    owns: credentials.owns,
    demand: (name, who, owns) => demand(name, who, owns, mode),
    async pass(request, name) {
      const who = await caller(request, name);
      demand(name, who, false, mode);
      return who;
    },
    onceKey(request, who, body) {
      const key = request.headers.get("idempotency-key");
      if (key === null || key === "") return undefined;
      if (key.length > MAX_ONCE_KEY_LENGTH) {
        throw new RequestError(400, `Idempotency-Key: at most ${MAX_ONCE_KEY_LENGTH} characters`);
      }
      const caller = who.role === "anonymous" ? "" : who.accountId;
      const scope = JSON.stringify([caller, new URL(request.url).pathname, key]);
      return { scope: digest(scope), fingerprint: digest(JSON.stringify(body)) };
    },
    waysIn(name) {
      if (isForAll(name)) return [];
      return [...(rights[name].anonymous[mode] ? [{}] : []), KEY, WALLET];
    },
  };
}

/** @throws RequestError 404 */
export function knownWorker({ live }: MarketService, workerId: string) {
  const worker = live.workers.get(workerId);
  if (worker === undefined) throw new RequestError(404, "Worker not found");
  return worker;
}

/** A finished answer. */
export function jsonBytes(bytes: Uint8Array<ArrayBuffer>): Response {
  return new Response(bytes, JSON_TYPE);
}

const JSON_TYPE = { headers: { "content-type": "application/json" } };
