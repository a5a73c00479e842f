import { describe, expect, test } from "bun:test";
import { UsageError } from "../../../../src/platform/errors";
import { parseRights } from "../../../../src/systems/broker/rights/usersFile";

const SALT = "c29tZXNhbHRzb21lc2FsdA";
const HASH = `$argon2id$v=19$m=65536,t=2,p=1$${SALT}$UGHDbPTqNXoJWhKoBKPBBlGGbGZYdZUYMNYMLNrvCR0`;
const TOKEN = `sha256:${"0a".repeat(32)}`;
const line = (value: unknown) => JSON.stringify(value);

function fault(text: string, mode: "open" | "closed" = "open"): string {
  try {
    parseRights(text, mode);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error(`was read without a fault: ${text}`);
}

describe("a file of users and rights", () => {
  test("holds users, rules and whether anonymous clients are let in; blank lines and comments say nothing", () => {
    const text = [
      "# who may connect",
      line({ user: "alice", secret: HASH }),
      "",
      `  ${line({ user: "robot 7", secret: TOKEN })}\r`,
      line({ allow: "both", user: "alice", topics: ["a/#", "b/+/c"] }),
      line({ allow: "read", client: "panel", topics: ["xenminer/%c/#"] }),
      line({ anonymous: true }),
    ].join("\n");
    expect(parseRights(text, "open")).toEqual({
      users: [
        { username: "alice", secret: HASH },
        { username: "robot 7", secret: TOKEN },
      ],
      rules: [
        { access: "both", topics: ["a/#", "b/+/c"], username: "alice" },
        { access: "read", topics: ["xenminer/%c/#"], clientId: "panel" },
      ],
      allowsAnonymous: true,
    });
  });

  test("holds denials, groups and patterns of client identifiers", () => {
    const text = [
      line({ user: "w", secret: TOKEN, groups: ["miners"] }),
      line({ allow: "both", group: "miners", client: "xenminer_{w}", topics: ["xenminer/{w}/#"] }),
      line({ deny: "write", user: "w", topics: ["xenminer/+/task"] }),
    ].join("\n");
    expect(parseRights(text, "closed")).toEqual({
      users: [{ username: "w", secret: TOKEN, groups: ["miners"] }],
      rules: [
        { access: "both", topics: ["xenminer/{w}/#"], group: "miners", clientId: "xenminer_{w}" },
        { effect: "deny", access: "write", topics: ["xenminer/+/task"], username: "w" },
      ],
      allowsAnonymous: false,
    });
  });

  test("that is empty lets nobody in and allows nothing", () => {
    expect(parseRights("", "closed")).toEqual({ users: [], rules: [], allowsAnonymous: false });
  });

  const faults: [text: string, told: string][] = [
    ["user alice", "line 1: expected one JSON object"],
    ['\n\n{"user": "alice", "secret": }', "line 3: expected one JSON object"],
    ["[]", "line 1: expected one JSON object"],
    ["null", "line 1: expected one JSON object"],
    [line({ user: "alice" }), "line 1: expected one of the members secret, allow, deny, anonymous"],
    [line({ user: "", secret: HASH }), "line 1, user: expected a name"],
    [line({ secret: HASH }), "line 1, user: expected a name"],
    [line({ user: "a", secret: "hunter2" }), "line 1, secret: expected a whole $argon2id$ hash"],
    [line({ user: "a", secret: HASH.slice(0, 40) }), "line 1, secret: expected a whole $argon2id$ hash"],
    [line({ user: "a", secret: "sha256:12" }), "line 1, secret: expected"],
    [line({ user: "a", secret: HASH, topics: [] }), 'Unrecognized key: "topics"'],
    [
      `${line({ user: "a", secret: HASH })}\n${line({ user: "a", secret: TOKEN })}`,
      'line 2, user: "a" stands in line 1 already',
    ],
    [line({ allow: "all", topics: ["a"] }), "line 1, allow: expected read, write or both"],
    [line({ allow: "read" }), "line 1, topics: expected a list of topic filters"],
    [line({ allow: "read", topics: [] }), "line 1, topics: expected a topic filter"],
    ...["", "a/#/b", "a#", "a+/b", "a\0"].map((filter): [string, string] => [
      line({ allow: "read", topics: ["ok", filter] }),
      "line 1, topics.1: expected a topic filter",
    ]),
    [line({ allow: "read", topics: ["a"], user: "bob" }), 'line 1, user: there is no user "bob" in this file'],
    [line({ deny: "read", topics: ["a"], group: "g" }), 'line 1, group: there is no group "g" in this file'],
    [line({ deny: "all", topics: ["a"] }), "line 1, deny: expected read, write or both"],
    [line({ allow: "read", topics: ["a/{w}"] }), "line 1, topics: expected only captures that `client` has"],
    [line({ allow: "read", topics: ["a/{v}"], client: "m_{w}" }), "line 1, topics: expected only captures"],
    ...["m_{", "{}", "{a}{b}", "{a b}"].map((client): [string, string] => [
      line({ allow: "read", topics: ["a"], client }),
      "line 1, client: expected a client identifier, or a pattern",
    ]),
    [line({ anonymous: "yes" }), "line 1, anonymous: expected true or false"],
  ];
  test.each(faults)("%p is refused by its place", (text, told) => {
    expect(fault(text)).toContain(told);
  });

  test("never has a secret in what is said of it", () => {
    const wrong = [line({ user: "a", secret: "hunter2" }), '{"user": "b", "secret": "hunter2"', "hunter2 hunter2"];
    for (const text of wrong) expect(fault(text)).not.toContain("hunter2");
  });

  test("with many faults names five of them and counts the others", () => {
    const told = fault(Array.from({ length: 8 }, () => "{").join("\n"));
    expect(told.match(/line \d/g)).toEqual(["line 1", "line 2", "line 3", "line 4", "line 5"]);
    expect(told).toEndWith("; and 3 more");
  });

  test("may let in anonymous clients only while the service is open", () => {
    expect(fault(line({ anonymous: true }), "closed")).toContain("only while the service is open");
    expect(parseRights(line({ anonymous: false }), "closed").allowsAnonymous).toBe(false);
  });

  test("that is enormous is not read", () => {
    expect(fault(`#${"x".repeat(4 * 1024 * 1024)}`)).toContain("characters");
  });
});
