import type { z } from "zod";
import type { AclRule, Rights, User } from "../../../mqtt";
import { UsageError } from "../../../platform/errors";
import type { AccessMode } from "../../../platform/http/strangers";
import { allowLine, anonymousLine, denyLine, userLine } from "./schema";

/** A file is read whole, in the thread that serves. */
const MAX_CHARACTERS = 4 * 1024 * 1024;
/** So many faults are told at once. */
const MAX_FAULTS = 5;

interface RightsDraft extends Rights {
  users: User[];
  rules: AclRule[];
  /** The line of each user, and of each rule that is for a user or a group. */
  userLines: Map<string, number>;
  named: { kind: "user" | "group"; name: string; line: number }[];
  faults: string[];
}

type LineReader = (draft: RightsDraft, value: unknown, line: number, mode: AccessMode) => void;

/** The kinds of lines, by the member that only they have. */
const KINDS: [member: string, read: LineReader][] = [
  ["secret", readUser],
  ["allow", readAllow],
  ["deny", readDeny],
  ["anonymous", readAnonymous],
];

/**
 * Users and rules from the text of their file: one JSON object a line; blank lines and those that begin with `#` say
 * nothing.
 * @throws UsageError that names the line and the member of each fault, what was expected, and never a secret.
 */
export function parseRights(text: string, mode: AccessMode): Rights {
  if (text.length > MAX_CHARACTERS) throw new UsageError(`has more than ${MAX_CHARACTERS} characters`);
  const draft: RightsDraft = {
    users: [],
    rules: [],
    allowsAnonymous: false,
    userLines: new Map(),
    named: [],
    faults: [],
  };
  text.split("\n").forEach((raw, i) => {
    const content = raw.trim();
    if (content !== "" && !content.startsWith("#")) readLine(draft, content, i + 1, mode);
  });
  const groups = new Set(draft.users.flatMap((user) => user.groups ?? []));
  for (const { kind, name, line } of draft.named) {
    const isThere = kind === "user" ? draft.userLines.has(name) : groups.has(name);
    if (!isThere) fault(draft, line, kind, `there is no ${kind} ${JSON.stringify(name)} in this file`);
  }
  const { users, rules, allowsAnonymous, faults } = draft;
  if (faults.length === 0) return { users, rules, allowsAnonymous };
  const more = faults.length > MAX_FAULTS ? `; and ${faults.length - MAX_FAULTS} more` : "";
  throw new UsageError(faults.slice(0, MAX_FAULTS).join("; ") + more);
}

function readLine(draft: RightsDraft, content: string, line: number, mode: AccessMode): void {
  const value = objectIn(content);
  if (value === undefined) {
    fault(draft, line, "", 'expected one JSON object, such as {"allow": "read", "topics": ["a/#"]}');
    return;
  }
  const kind = KINDS.find(([member]) => Object.hasOwn(value, member));
  if (kind === undefined)
    fault(draft, line, "", `expected one of the members ${KINDS.map(([member]) => member).join(", ")}`);
  else kind[1](draft, value, line, mode);
}

/** The parser's own message would show what stands there, which may be a secret. */
function objectIn(content: string): object | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readUser(draft: RightsDraft, value: unknown, line: number): void {
  const read = checked(draft, userLine, value, line);
  if (read === undefined) return;
  const before = draft.userLines.get(read.user);
  if (before !== undefined) fault(draft, line, "user", `${JSON.stringify(read.user)} stands in line ${before} already`);
  draft.userLines.set(read.user, line);
  const { user: username, secret, groups } = read;
  draft.users.push({ username, secret, ...(groups === undefined ? {} : { groups }) });
}

function readAllow(draft: RightsDraft, value: unknown, line: number): void {
  const read = checked(draft, allowLine, value, line);
  if (read !== undefined) addRule(draft, { access: read.allow, ...read }, line);
}

function readDeny(draft: RightsDraft, value: unknown, line: number): void {
  const read = checked(draft, denyLine, value, line);
  if (read !== undefined) addRule(draft, { effect: "deny", access: read.deny, ...read }, line);
}

type ReadRule = Pick<AclRule, "effect" | "access" | "topics"> &
  Pick<z.output<typeof allowLine>, "user" | "group" | "client">;

function addRule(draft: RightsDraft, { effect, access, topics, user, group, client }: ReadRule, line: number): void {
  if (user !== undefined) draft.named.push({ kind: "user", name: user, line });
  if (group !== undefined) draft.named.push({ kind: "group", name: group, line });
  draft.rules.push({
    ...(effect === undefined ? {} : { effect }),
    access,
    topics,
    ...(user === undefined ? {} : { username: user }),
    ...(group === undefined ? {} : { group }),
    ...(client === undefined ? {} : { clientId: client }),
  });
}

function readAnonymous(draft: RightsDraft, value: unknown, line: number, mode: AccessMode): void {
  const read = checked(draft, anonymousLine, value, line);
  if (read === undefined) return;
  if (read.anonymous && mode === "closed") {
    fault(draft, line, "anonymous", "clients without a user are let in only while the service is open");
  }
  draft.allowsAnonymous = read.anonymous;
}

function checked<Schema extends z.ZodType>(
  draft: RightsDraft,
  schema: Schema,
  value: unknown,
  line: number,
): z.output<Schema> | undefined {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues) fault(draft, line, path.join("."), message);
  return undefined;
}

function fault({ faults }: RightsDraft, line: number, member: string, sentence: string): void {
  faults.push(`line ${line}${member === "" ? "" : `, ${member}`}: ${sentence}`);
}
