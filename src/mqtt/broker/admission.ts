import { Reason } from "../packet/reason";
import type { Identity, Verdict } from "../rights/rights";
import type { Admission, Visits } from "../state/admission";
import type { Core } from "../state/core";
import { Overload } from "../state/overload";

/** Nobody has come yet. */
export function createAdmission(): Admission {
  return { addresses: new Map(), visits: new Map() };
}

/** Whether there is room for one more connection, from this address. */
export function hasRoomFor(core: Core, address: string): boolean {
  if (core.isStopping) return false;
  const { connections, connectionsPerAddress } = core.limits;
  if (core.connections.size >= connections) return false;
  return connectionsPerAddress === 0 || (core.admission.addresses.get(address) ?? 0) < connectionsPerAddress;
}

/** One connection more or, with -1, less from an address. */
export function countAddress(core: Core, address: string, change: 1 | -1): void {
  const { addresses } = core.admission;
  const count = (addresses.get(address) ?? 0) + change;
  if (count === 0) addresses.delete(address);
  else addresses.set(address, count);
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
