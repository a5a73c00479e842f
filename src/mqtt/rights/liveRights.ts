import { type AclRule, authorizeByRules } from "./acl";
import { createVerifier, type Verifier } from "./passwords";
import type { Authenticate, Authorize, Identity, Verdict } from "./rights";
import { authenticateUsers, type User } from "./users";

/** All that decides on rights. */
export interface Rights {
  users: readonly User[];
  /** Whether a client without user name and password is let in. */
  allowsAnonymous: boolean;
  rules: readonly AclRule[];
}

/** Rights that can be changed while the broker runs. */
export interface LiveRights {
  authenticate: Authenticate;
  authorize: Authorize;
  /** For `broker.rightsChanged`: false for those whose user is gone or has a new secret. */
  isWelcome(identity: Identity): boolean;
  /** Takes others instead. Throws, and changes nothing, where they are not sound. */
  replace(rights: Rights): void;
}

/** How refusals are made. */
export interface RefusalOptions {
  /**
   * Refusals of credentials go out when a whole number of such times is over since they were asked for, so that how long
   * one takes says nothing of whom it is for. 0, the default: at once.
   */
  everyMs: number;
  /** Kept after so many milliseconds. */
  pause: (ms: number) => Promise<void>;
}

const AT_ONCE: RefusalOptions = { everyMs: 0, pause: async () => undefined };

/** Rights to begin with. Throws where they are not sound. */
export function createLiveRights(rights: Rights, refusals = AT_ONCE): LiveRights {
  // What it knows of passwords outlives a change of rights: else each would have everybody's computed again.
  const verifier = createVerifier();
  let present = prepare(rights, new Map(), verifier);

  /** Who is not let in any more has no rights either: not for a will, a retained message, or what waits in a session. */
  function isKnown({ username }: Identity): boolean {
    return username === null ? present.allowsAnonymous : present.secrets.has(username);
  }

  return {
    authenticate(credentials) {
      const startMs = performance.now();
      const verdict = present.authenticate(credentials);
      if (verdict === null || refusals.everyMs === 0) return verdict;
      return Promise.resolve(verdict).then((settled) => whenDue(settled, startMs, refusals));
    },
    authorize: (identity, action, topic) => isKnown(identity) && present.authorize(identity, action, topic),
    isWelcome: (identity) =>
      isKnown(identity) && (identity.username === null || !present.changed.has(identity.username)),
    replace(next) {
      present = prepare(next, present.secrets, verifier);
    },
  };
}

async function whenDue(verdict: Verdict, startMs: number, { everyMs, pause }: RefusalOptions): Promise<Verdict> {
  if (verdict === null) return null;
  await pause(everyMs - ((performance.now() - startMs) % everyMs));
  return verdict;
}

function prepare(rights: Rights, before: ReadonlyMap<string, string>, verifier: Verifier) {
  const secrets = new Map(rights.users.map(({ username, secret }) => [username, secret]));
  const groups = new Map(rights.users.map(({ username, groups = [] }) => [username, groups]));
  return {
    authenticate: authenticateUsers(rights, verifier),
    authorize: authorizeByRules(rights.rules, (username) => groups.get(username) ?? []),
    allowsAnonymous: rights.allowsAnonymous,
    secrets,
    changed: new Set([...before].filter(([name, secret]) => secrets.get(name) !== secret).map(([name]) => name)),
  };
}
