import { type AclRule, authorizeByRules } from "./acl";
import type { Authenticate, Authorize, Identity } from "./rights";
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

/** Rights to begin with. Throws where they are not sound. */
export function createLiveRights(rights: Rights): LiveRights {
  let present = prepare(rights, new Map());

  /** Who is not let in any more has no rights either: not for a will, a retained message, or what waits in a session. */
  function isKnown({ username }: Identity): boolean {
    return username === null ? present.allowsAnonymous : present.secrets.has(username);
  }

  return {
    authenticate: (credentials) => present.authenticate(credentials),
    authorize: (identity, action, topic) => isKnown(identity) && present.authorize(identity, action, topic),
    isWelcome: (identity) =>
      isKnown(identity) && (identity.username === null || !present.changed.has(identity.username)),
    replace(next) {
      present = prepare(next, present.secrets);
    },
  };
}

function prepare(rights: Rights, before: ReadonlyMap<string, string>) {
  const secrets = new Map(rights.users.map(({ username, secret }) => [username, secret]));
  const groups = new Map(rights.users.map(({ username, groups = [] }) => [username, groups]));
  return {
    authenticate: authenticateUsers(rights),
    authorize: authorizeByRules(rights.rules, (username) => groups.get(username) ?? []),
    allowsAnonymous: rights.allowsAnonymous,
    secrets,
    changed: new Set([...before].filter(([name, secret]) => secrets.get(name) !== secret).map(([name]) => name)),
  };
}
