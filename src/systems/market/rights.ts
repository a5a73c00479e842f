import { RequestError } from "../../platform/errors";

/**
 * Who may call what: the table that the service obeys and the tests walk (docs/market.md, Rights). Routes that stand
 * in no row are for everybody.
 */

/** Open lets in what the original lets in; closed asks for a credential wherever something private or costly is done. */
export type Mode = "open" | "closed";

export type Principal =
  | { role: "anonymous" }
  | { role: "admin"; accountId: "_admin" }
  | {
      role: "provider" | "consumer";
      accountId: string;
      ethAddress: string;
      /** Lower-case address, when the credential is a wallet's. */
      wallet?: string;
    };

export const anonymous: Principal = { role: "anonymous" };
export const admin: Principal = { role: "admin", accountId: "_admin" };

/** What a role may do: with everything, with its own, with nothing. */
type Reach = "any" | "own" | "none";

export interface Right {
  /** Whether nobody in particular may do it. */
  anonymous: Record<Mode, boolean>;
  provider: Reach;
  consumer: Reach;
  /** Where closed mode is stricter with those who are signed in. */
  closed?: { provider: Reach; consumer: Reach };
  /** The 401 where somebody must be signed in. */
  signInFirst: string;
  /** The 403 for a role that may do it with nothing. */
  wrongRole: string;
  /** The 403 for a role that may do it only with its own. */
  notOwn: string;
}

const SIGN_IN = "Missing or invalid credentials. Pass Authorization: Bearer <jwt> or X-API-Key header.";
const ADMIN_ONLY = "Admin access required";

const standard = { signInFirst: SIGN_IN, wrongRole: ADMIN_ONLY, notOwn: ADMIN_ONLY };
const always = { open: true, closed: true };
const whileOpen = { open: true, closed: false };
const never = { open: false, closed: false };

export const rights = {
  "see who one is": {
    ...standard,
    anonymous: never,
    provider: "any",
    consumer: "any",
    signInFirst: "Invalid or missing credentials",
  },
  "see what one rents": { ...standard, anonymous: never, provider: "any", consumer: "any" },
  "sign in as an account": {
    ...standard,
    anonymous: whileOpen,
    provider: "any",
    consumer: "any",
    closed: { provider: "own", consumer: "own" },
    notOwn: "You can only sign in as your own account",
  },
  "open an account with money": {
    ...standard,
    anonymous: whileOpen,
    provider: "any",
    consumer: "any",
    closed: { provider: "none", consumer: "none" },
  },
  /** A worker's earnings go to the account of its name: in closed mode nobody may take that name before the worker. */
  "open a provider's account": {
    ...standard,
    anonymous: whileOpen,
    provider: "any",
    consumer: "any",
    closed: { provider: "none", consumer: "none" },
  },
  withdraw: {
    ...standard,
    anonymous: never,
    provider: "own",
    consumer: "own",
    notOwn: "You can only withdraw from your own account",
  },
  transfer: {
    ...standard,
    anonymous: never,
    provider: "own",
    consumer: "own",
    notOwn: "You can only transfer from your own account",
  },
  "see a balance": {
    ...standard,
    anonymous: whileOpen,
    provider: "own",
    consumer: "own",
    notOwn: "You can only view your own balance",
  },
  deposit: {
    ...standard,
    anonymous: whileOpen,
    provider: "own",
    consumer: "own",
    closed: { provider: "none", consumer: "none" },
    notOwn: "You can only deposit to your own account",
  },
  "list accounts": { ...standard, anonymous: whileOpen, provider: "none", consumer: "none" },
  "list settlements": { ...standard, anonymous: whileOpen, provider: "none", consumer: "none" },
  "set a price": {
    ...standard,
    anonymous: whileOpen,
    provider: "own",
    consumer: "none",
    wrongRole: "Provider account required",
    notOwn: "You can only set pricing for your own worker",
  },
  rent: {
    ...standard,
    anonymous: whileOpen,
    provider: "none",
    consumer: "own",
    wrongRole: "Consumer account required to rent",
    notOwn: "You can only rent for yourself",
  },
  "stop a lease": {
    ...standard,
    anonymous: whileOpen,
    provider: "own",
    consumer: "own",
    notOwn: "You can only stop your own leases",
  },
  "extend a lease": {
    ...standard,
    anonymous: whileOpen,
    provider: "none",
    consumer: "own",
    wrongRole: "Consumer account required to extend a lease",
    notOwn: "You can only extend your own leases",
  },
  "see leases and blocks": { ...standard, anonymous: whileOpen, provider: "any", consumer: "any" },
  "see earnings": { ...standard, anonymous: whileOpen, provider: "any", consumer: "any" },
  /** In closed mode, and in open mode with `MARKET_GUARD_CONTROL`. */
  "command a worker": {
    ...standard,
    anonymous: never,
    provider: "own",
    consumer: "none",
    wrongRole: "Provider account required",
    notOwn: "You can only command your own worker",
  },
  "command all workers": { ...standard, anonymous: never, provider: "none", consumer: "none" },
  "simulate workers": {
    ...standard,
    anonymous: whileOpen,
    provider: "any",
    consumer: "any",
    closed: { provider: "none", consumer: "none" },
    signInFirst: "Workers are simulated only while the market is open.",
    wrongRole: "Workers are simulated only while the market is open.",
  },
  "see offers and statistics": { ...standard, anonymous: always, provider: "any", consumer: "any" },
} satisfies Record<string, Right>;

export type RightName = keyof typeof rights;

/**
 * Ends quietly when `who` may do this.
 * @throws RequestError 401 for nobody in particular, 403 for somebody else.
 */
export function demand(name: RightName, who: Principal, owns: boolean, mode: Mode): void {
  const right: Right = rights[name];
  if (who.role === "admin") return;
  if (who.role === "anonymous") {
    if (right.anonymous[mode]) return;
    throw new RequestError(401, right.signInFirst);
  }
  const reach = (mode === "closed" ? right.closed : undefined)?.[who.role] ?? right[who.role];
  if (reach === "none") throw new RequestError(403, right.wrongRole);
  if (reach === "own" && !owns) throw new RequestError(403, right.notOwn);
}
