import { RequestError } from "../../../platform/errors";

/** Where deposits come from and withdrawals go to: an account that mirrors all others, so that the ledger balances. */
export const OUTSIDE_ID = "_outside";
export const TREASURY_ID = "platform-treasury";

/** Names that are not to be had: the admin, and the other side of the ledger. */
export const RESERVED_IDS: readonly string[] = ["_admin", OUTSIDE_ID];
/** Names that no worker gets, since a worker's earnings go to the account of its name. */
export const RESERVED_FOR_WORKERS: readonly string[] = [...RESERVED_IDS, TREASURY_ID];

/** With so many accounts people open no more; workers that register still get theirs. */
const MAX_ACCOUNTS = 50_000;

/** @throws RequestError 503 when the market has all the accounts that it takes. */
export function mustHaveRoom(accounts: number): void {
  if (accounts < MAX_ACCOUNTS) return;
  throw new RequestError(503, `This market takes ${MAX_ACCOUNTS} accounts; use one that is there.`);
}
