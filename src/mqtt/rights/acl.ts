import type { Authorize, Identity } from "./rights";

/**
 * One thing that is allowed; what no rule allows is forbidden, and so an empty list forbids everything. `topics` are
 * filters in which `%c` stands for the client identifier and `%u` for the user name.
 */
export interface AclRule {
  /** Whom it is for; absent: everybody who was let in. */
  username?: string;
  clientId?: string;
  /** `write`: publish. `read`: subscribe and be sent. */
  access: "read" | "write" | "both";
  topics: readonly string[];
}

/** The rights that a list of rules gives. */
export function authorizeByRules(rules: readonly AclRule[]): Authorize {
  const prepared = rules.map((rule) => ({ ...rule, patterns: rule.topics.map((topic) => topic.split("/")) }));
  return (identity, action, topic) => {
    const asked = topic.split("/");
    const access = action === "write" ? "write" : "read";
    return prepared.some(
      (rule) =>
        (rule.access === "both" || rule.access === access) &&
        isFor(rule, identity) &&
        rule.patterns.some((pattern) => allows(pattern, identity, asked)),
    );
  };
}

function isFor(rule: AclRule, identity: Identity): boolean {
  if (rule.username !== undefined && rule.username !== identity.username) return false;
  return rule.clientId === undefined || rule.clientId === identity.clientId;
}

/**
 * Whether a pattern covers a topic name or, for a subscription, every topic that its filter can match: `a/+` covers
 * `a/b` and `a/+`, but not `a/#`. What begins with `$` is covered by a pattern that says so itself: neither by a
 * wildcard nor by a client that is called `$SYS`.
 */
function allows(pattern: readonly string[], identity: Identity, asked: readonly string[]): boolean {
  if (asked[0]!.startsWith("$") && !pattern[0]!.startsWith("$")) return false;
  for (let i = 0; i < pattern.length; i++) {
    const level = filledIn(pattern[i]!, identity);
    if (level === "#") return true;
    if (level === null || i >= asked.length || asked[i] === "#") return false;
    if (level !== "+" && level !== asked[i]) return false;
  }
  return pattern.length === asked.length;
}

/**
 * A level with the client's own names in it. Null, which matches nothing, where a name has a character that would mean
 * something in a filter: a client called `#` must not be given everything.
 */
function filledIn(level: string, identity: Identity): string | null {
  if (!level.includes("%")) return level;
  const names: { [mark: string]: string | null } = { "%c": identity.clientId, "%u": identity.username };
  let isSound = true;
  const filled = level.replace(/%[cu]/g, (mark) => {
    const name = names[mark] ?? null;
    if (name === null || name === "" || /[+#/]/.test(name)) isSound = false;
    return name ?? "";
  });
  return isSound ? filled : null;
}
