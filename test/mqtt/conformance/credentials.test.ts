import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { until } from "../support/client";
import { refusal } from "../support/exchange";
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

describe("a CONNACK refuses with a code that it may have (5.0) [MQTT-3.2.2-8]", () => {
  const CONNECT = {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 5,
    clientId: "c",
    clean: true,
    keepalive: 0,
  } as const;

  test.each([
    [0x86, 0x86],
    [0x9f, 0x9f],
    [0x10, 0x80],
    [0x98, 0x80],
    [0, 0x80],
  ] as const)("a verdict of %d is told as %d", async (verdict, code) => {
    const { port } = startBroker({ authenticate: () => verdict });
    expect(await refusal(port, CONNECT, 5)).toBe(code);
    // Never as accepted.
    expect(await refusal(port, { ...CONNECT, protocolVersion: 4 })).not.toBe(0);
  });

  test("a client that is still being judged when the broker stops is told that there is none", async () => {
    let wasAsked = false;
    const authenticate = () => {
      wasAsked = true;
      return new Promise<null>(() => undefined);
    };
    for (const [protocolVersion, code] of [
      [5, 0x88],
      [4, 3],
    ] as const) {
      wasAsked = false;
      const { port, broker } = startBroker({ authenticate });
      const refused = refusal(port, { ...CONNECT, protocolVersion }, protocolVersion);
      await until(() => wasAsked, "the question");
      await broker.stop();
      expect(await refused).toBe(code);
    }
  });
});

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
