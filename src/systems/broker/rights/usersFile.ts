import type { z } from "zod";
import type { AclRule, Rights, User } from "../../../mqtt";
import { UsageError } from "../../../platform/errors";
import type { AccessMode } from "../../../platform/http/strangers";
import { anonymousLine, ruleLine, userLine } from "./schema";

/** A file is read whole, in the thread that serves. */
const MAX_CHARACTERS = 4 * 1024 * 1024;
/** So many faults are told at once. */
const MAX_FAULTS = 5;

interface RightsDraft extends Rights {
  users: User[];
  rules: AclRule[];
  /** The line of each user, and of each rule's user. */
  userLines: Map<string, number>;
  ruledUsers: { user: string; line: number }[];
  faults: string[];
}

type LineReader = (draft: RightsDraft, value: unknown, line: number, mode: AccessMode) => void;

/** The kinds of lines, by the member that only they have. */
const KINDS: [member: string, read: LineReader][] = [
  ["secret", readUser],
  ["allow", readRule],
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
    ruledUsers: [],
    faults: [],
  };
  text.split("\n").forEach((raw, i) => {
    const content = raw.trim();
    if (content !== "" && !content.startsWith("#")) readLine(draft, content, i + 1, mode);
  });
  for (const { user, line } of draft.ruledUsers) {
    if (!draft.userLines.has(user)) fault(draft, line, "user", `there is no user ${JSON.stringify(user)} in this file`);
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
  draft.users.push({ username: read.user, secret: read.secret });
}

function readRule(draft: RightsDraft, value: unknown, line: number): void {
  const read = checked(draft, ruleLine, value, line);
  if (read === undefined) return;
  const { allow, topics, user, client } = read;
  if (user !== undefined) draft.ruledUsers.push({ user, line });
  draft.rules.push({
    access: allow,
    topics,
    ...(user === undefined ? {} : { username: user }),
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
