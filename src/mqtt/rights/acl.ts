import { type Captures, capturesOf } from "./clientPattern";
import type { Authorize, Identity } from "./rights";

/**
 * One thing that is allowed or denied. What no rule allows is forbidden, so an empty list forbids everything; what a
 * rule denies stays forbidden, wherever in the list others allow it. `topics` are filters in which `%c` stands for the
 * client identifier, `%u` for the user name, and `{name}` for what `clientId` has captured.
 */
export interface AclRule {
  /** Absent: allow. */
  effect?: "allow" | "deny";
  /** Whom it is for; absent: everybody who was let in. */
  username?: string;
  /** For the users of a group. */
  group?: string;
  /** An identifier, or a pattern of some: `miner_{worker}` is for all that begin so, and captures the rest. */
  clientId?: string;
  /** `write`: publish. `read`: subscribe and be sent. */
  access: "read" | "write" | "both";
  topics: readonly string[];
}

/** The groups of a user. */
export type GroupsOf = (username: string) => readonly string[];

interface PreparedRule extends AclRule {
  denies: boolean;
  patterns: readonly (readonly string[])[];
}

const NO_CAPTURES: Captures = new Map();

/** The rights that a list of rules gives. */
export function authorizeByRules(rules: readonly AclRule[], groupsOf: GroupsOf = () => []): Authorize {
  const prepared = rules.map((rule): PreparedRule => {
    return { ...rule, denies: rule.effect === "deny", patterns: rule.topics.map((topic) => topic.split("/")) };
  });
  const denials = prepared.filter(({ denies }) => denies);
  const grants = prepared.filter(({ denies }) => !denies);
  return (identity, action, topic) => {
    const asked = topic.split("/");
    const access = action === "write" ? "write" : "read";
    const fits = (rule: PreparedRule): boolean =>
      (rule.access === "both" || rule.access === access) && covers(rule, identity, asked, groupsOf);
    return grants.some(fits) && !denials.some(fits);
  };
}

function covers(rule: PreparedRule, identity: Identity, asked: readonly string[], groupsOf: GroupsOf): boolean {
  const { username, clientId } = identity;
  if (rule.username !== undefined && rule.username !== username) return false;
  if (rule.group !== undefined && (username === null || !groupsOf(username).includes(rule.group))) return false;
  const captures = rule.clientId === undefined ? NO_CAPTURES : capturesOf(rule.clientId, clientId);
  if (captures === null) return false;
  const names: Names = { identity, captures };
  return rule.patterns.some((pattern) => matchesAll(pattern, names, asked, rule.denies));
}

/**
 * Whether a pattern covers a topic name or, for a subscription, every topic that its filter can match: `a/+` covers
 * `a/b` and `a/+`, but not `a/#`. What begins with `$` is covered by a pattern that says so itself: neither by a
 * wildcard nor by a client that is called `$SYS`. A level that cannot be filled in covers nothing where something is
 * allowed by it, and everything where something is denied.
 */
function matchesAll(pattern: readonly string[], names: Names, asked: readonly string[], denies: boolean): boolean {
  if (asked[0]!.startsWith("$") && !pattern[0]!.startsWith("$")) return false;
  for (let i = 0; i < pattern.length; i++) {
    const level = filledIn(pattern[i]!, names);
    if (level === null) return denies;
    if (level === "#") return true;
    if (i >= asked.length || asked[i] === "#") return false;
    if (level !== "+" && level !== asked[i]) return false;
  }
  return pattern.length === asked.length;
}

/** What a level may be filled in with. */
interface Names {
  identity: Identity;
  captures: Captures;
}

/**
 * A level with the client's own names in it. Null where there is no such name, or where the name has a character that
 * would mean something in a filter: a client called `#` must not be given everything.
 */
function filledIn(level: string, names: Names): string | null {
  if (!level.includes("%") && !level.includes("{")) return level;
  let isSound = true;
  const filled = level.replace(/%[cu]|\{\w+\}/g, (mark) => {
    const name = nameOf(mark, names);
    if (name === null || name === "" || /[+#/]/.test(name)) isSound = false;
    return name ?? "";
  });
  return isSound ? filled : null;
}

function nameOf(mark: string, { identity, captures }: Names): string | null {
  if (mark === "%c") return identity.clientId;
  if (mark === "%u") return identity.username;
  return captures.get(mark.slice(1, -1)) ?? null;
}
