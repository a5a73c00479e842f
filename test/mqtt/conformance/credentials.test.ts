import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { rawClient } from "../support/raw";

type Seen = { username: string | null; password: string | null };

const field = (text: string): number[] => [0, text.length, ...Buffer.from(text)];

/** What the broker is told of a CONNECT with these flags and fields behind its client identifier. */
async function seenBy(level: 4 | 5, flags: number, fields: number[]): Promise<Seen | null> {
  let seen: Seen | null = null;
  const { port } = startBroker({
    authenticate({ username, password }) {
      seen = { username, password: password === null ? null : Buffer.from(password).toString() };
      return null;
    },
  });
  const client = await rawClient(port, level);
  const head = [...field("MQTT"), level, flags | 2, 0, 0, ...(level === 5 ? [0] : []), ...field("c")];
  client.send(new Uint8Array([0x10, head.length + fields.length, ...head, ...fields]));
  await Promise.race([client.next("connack"), client.closed()]);
  return seen;
}

describe.each([4, 5] as const)("user name and password at level %d [MQTT-3.1.2-16] [MQTT-3.1.2-18]", (level) => {
  const cases: [name: string, flags: number, fields: number[], seen: Seen][] = [
    ["none", 0, [], { username: null, password: null }],
    ["a name", 0x80, field("u"), { username: "u", password: null }],
    ["both", 0xc0, [...field("u"), ...field("p")], { username: "u", password: "p" }],
    ["both, empty", 0xc0, [...field(""), ...field("")], { username: "", password: "" }],
    ["a password of any bytes", 0xc0, [...field("u"), 0, 2, 0, 0x41], { username: "u", password: "\0A" }],
  ];
  test.each(cases)("%s", async (_name, flags, fields, seen) => {
    expect(await seenBy(level, flags, fields)).toEqual(seen);
  });

  test("a password alone is a 5.0 client's right [3.1.2.9]", async () => {
    expect(await seenBy(level, 0x40, field("p"))).toEqual(level === 5 ? { username: null, password: "p" } : null);
  });
});
