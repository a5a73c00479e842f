import { Reason } from "../packet/reason";
import type { Identity, Verdict } from "../rights/rights";
import type { Admission, Visits } from "../state/admission";
import type { Connection, Transport } from "../state/connection";
import type { Core } from "../state/core";
import { Overload } from "../state/overload";

/** Nobody has come yet. */
export function createAdmission(): Admission {
  return { addresses: new Map(), awaiting: new Map(), visits: new Map() };
}

/** Of transports that may keep whole packets before anything of them is seen; fewer in an overload. */
const MAX_UNSEEN = 256;
const MAX_UNSEEN_IN_OVERLOAD = 16;
/** So many addresses are looked at for the one that holds most: those that have been known for longest. */
const MAX_ADDRESSES_COMPARED = 1000;

/** Whether there is room for one more connection, from this address. */
export function hasRoomFor(core: Core, address: string): boolean {
  if (core.isStopping) return false;
  const { connections, connectionsPerAddress } = core.limits;
  if (core.connections.size >= connections) return false;
  return connectionsPerAddress === 0 || (core.admission.addresses.get(address) ?? 0) < connectionsPerAddress;
}

/**
 * Who has to go so that one more may come in: where places run out, the oldest that has not said who it is, first of the
 * address that holds most of them; null: nobody has to, or nobody can.
 */
export function whoMakesRoom(core: Core, transport: Transport): Connection | null {
  if (core.connections.size >= core.limits.connections) return oldestAwaiting(core, greediestAddress(core));
  const most = core.overload === Overload.none ? MAX_UNSEEN : MAX_UNSEEN_IN_OVERLOAD;
  const { unseenBytes = 0 } = transport;
  if (unseenBytes === 0 || core.unseenBytes < most * unseenBytes) return null;
  for (const connection of core.awaiting) if (connection.transport.unseenBytes !== undefined) return connection;
  return null;
}

function greediestAddress({ admission }: Core): string | null {
  let greediest: string | null = null;
  let most = 0;
  let compared = 0;
  for (const [address, count] of admission.awaiting) {
    if (++compared > MAX_ADDRESSES_COMPARED) break;
    if (count <= most) continue;
    greediest = address;
    most = count;
  }
  return greediest;
}

function oldestAwaiting({ awaiting }: Core, address: string | null): Connection | null {
  for (const connection of awaiting) if (connection.address === address) return connection;
  return null;
}

/** Counts a connection that has not been let in yet. */
export function beginAwaiting(core: Core, connection: Connection): void {
  core.awaiting.add(connection);
  core.unseenBytes += connection.transport.unseenBytes ?? 0;
  changeCount(core.admission.awaiting, connection.address, 1);
}

/** Counts it no more: it has been let in, or has gone. */
export function endAwaiting(core: Core, connection: Connection): void {
  if (!core.awaiting.delete(connection)) return;
  core.unseenBytes -= connection.transport.unseenBytes ?? 0;
  changeCount(core.admission.awaiting, connection.address, -1);
}

/** One connection more or, with -1, less from an address. */
export function countAddress(core: Core, address: string, change: 1 | -1): void {
  changeCount(core.admission.addresses, address, change);
}

function changeCount(counts: Map<string, number>, address: string, change: 1 | -1): void {
  const count = (counts.get(address) ?? 0) + change;
  if (count === 0) counts.delete(address);
  else counts.set(address, count);
}

/**
 * Whether a client may have its identifier; null lets it (5.4.2). One under which a user has a session is nobody else's:
 * whoever took it would end that user's connection, and what waits there would be lost. A session of a client without a
 * name has no owner.
 */
export function judgeOwner(core: Core, identity: Identity): Verdict {
  const owner = core.sessions.get(identity.clientId)?.identity.username ?? null;
  return owner === null || owner === identity.username ? null : Reason.clientIdentifierNotValid;
}

/**
 * Whether there is memory for one more client; null lets it in. Who has a session comes to take what waits for it, and
 * is let in at any time: nothing else makes an overload end.
 */
export function judgeRoom(core: Core, identity: Identity): Verdict {
  const isKnown = core.sessions.has(identity.clientId);
  return core.overload < Overload.refuseGrowth || isKnown ? null : Reason.serverBusy;
}

/**
 * Counts a client that comes in, and shuts a client out for a time that comes too often: since two take an identifier
 * from each other without end, or the program behind it ends and starts again. Null lets the client in.
 */
export function judgeFlapping(core: Core, clientId: string): Verdict {
  const { flappingConnects, flappingWindowMs, flappingBanMs } = core.limits;
  if (flappingConnects === 0) return null;
  const nowMs = core.clock.now();
  const visits = core.admission.visits.get(clientId) ?? remember(core, clientId, nowMs);
  if (visits.bannedUntilMs > nowMs) return Reason.banned;
  if (nowMs - visits.sinceMs >= flappingWindowMs) {
    visits.count = 0;
    visits.sinceMs = nowMs;
  }
  visits.count++;
  if (visits.count <= flappingConnects) return null;
  visits.count = 0;
  visits.sinceMs = nowMs + flappingBanMs;
  visits.bannedUntilMs = nowMs + flappingBanMs;
  return Reason.banned;
}

/** No more clients are remembered than sessions; beyond, the client known for the longest is forgotten. */
function remember(core: Core, clientId: string, nowMs: number): Visits {
  const { visits } = core.admission;
  if (visits.size >= core.limits.sessions) visits.delete(visits.keys().next().value!);
  const made = { count: 0, sinceMs: nowMs, bannedUntilMs: 0 };
  visits.set(clientId, made);
  return made;
}

/** Forgets the visits that count no more. */
export function forgetVisits(core: Core): void {
  const nowMs = core.clock.now();
  const { visits } = core.admission;
  for (const [clientId, { sinceMs, bannedUntilMs }] of visits) {
    if (bannedUntilMs <= nowMs && nowMs - sinceMs >= core.limits.flappingWindowMs) visits.delete(clientId);
  }
}
