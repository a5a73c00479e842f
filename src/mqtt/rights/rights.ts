import type { ReasonCode } from "../packet/reason";

/** Who a client is, as its rights are decided by. */
export interface Identity {
  clientId: string;
  /** Null for a client that gave none. */
  username: string | null;
  /** Address of the peer, without a port; empty for a client in this process. */
  address: string;
}

/** Who publishes from within this process. No client has this identifier: a client that says none is given another. */
export const INSIDE: Identity = { clientId: "", username: null, address: "" };

/** What a client says of itself in CONNECT. */
export interface Credentials extends Identity {
  password: Uint8Array | null;
  /** Name of the transport: `tcp`, `tls` or `websocket`. */
  transport: string;
  /** Whether the client has gone meanwhile, so that nobody waits for the decision; absent: it waits. */
  isGone?: () => boolean;
}

/** Null lets the client in. A reason code refuses the client; what no CONNACK may name (table 3-1 of 5.0) is said as 0x80. */
export type Verdict = ReasonCode | null;

/** Decides on CONNECT. A promise is waited for while the socket is not read. */
export type Authenticate = (credentials: Credentials) => Verdict | Promise<Verdict>;

/**
 * Decides whether a client may publish to a topic (`write`), be sent messages of a topic (`read`), or subscribe to a
 * filter (`subscribe`). Must answer at once, and the same until the broker is told that rights have changed.
 */
export type Authorize = (identity: Identity, action: "write" | "read" | "subscribe", topic: string) => boolean;
