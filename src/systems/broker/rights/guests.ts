import {
  type AclRule,
  type Authenticate,
  type Authorize,
  authorizeByRules,
  capturesOf,
  type Identity,
  type LiveRights,
  Reason,
} from "../../../mqtt";

/** The transport of the listener for clients that know no user name and no password. */
export const GUESTS = "guests";

/** Rights of guests beside those of everybody else; docs/broker.md, "Users and rights". */
export interface GuestRights {
  authenticate: Authenticate;
  authorize: Authorize;
  isGuest(identity: Identity): boolean;
}

/**
 * Lets in, on the listener of guests alone, whoever gives no user name and has an identifier of one of the rules'
 * patterns, and gives these just what the rules allow. Everybody else is up to `rights`; undefined lets in everybody.
 */
export function withGuests(rights: () => LiveRights | undefined, rules: readonly AclRule[]): GuestRights {
  const allowed = authorizeByRules(rules);
  const guests = new Set<string>();
  const isGuest = ({ clientId, username }: Identity) => username === null && guests.has(clientId);
  const fits = (clientId: string) => rules.some((rule) => capturesOf(rule.clientId ?? "", clientId) !== null);

  return {
    isGuest,
    authenticate(credentials) {
      const { clientId, transport, username } = credentials;
      if (transport !== GUESTS) {
        guests.delete(clientId);
        return rights()?.authenticate(credentials) ?? null;
      }
      if (username !== null || !fits(clientId)) return Reason.notAuthorized;
      guests.add(clientId);
      return null;
    },
    authorize(identity, action, topic) {
      if (isGuest(identity)) return allowed(identity, action, topic);
      return rights()?.authorize(identity, action, topic) ?? true;
    },
  };
}
