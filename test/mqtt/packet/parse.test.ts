import { expect, test } from "bun:test";
import { generate } from "mqtt-packet";
import { parseConnect, parsePacket } from "../../../src/mqtt/packet/parse";
import { PacketError } from "../../../src/mqtt/packet/reason";

const unsubscribe = generate({ cmd: "unsubscribe", messageId: 1, unsubscriptions: ["a", "b"] }, { protocolVersion: 5 });
const connect = generate({ cmd: "connect", clientId: "c", protocolVersion: 5, clean: true, keepalive: 9 });

test("what is left of a refused packet never stands before the next client's", () => {
  for (const cut of [1, 2, 3, 6]) {
    expect(() => parsePacket(unsubscribe.subarray(0, -cut), 5)).toThrow(PacketError);
    expect(parsePacket(unsubscribe, 5)).toMatchObject({ cmd: "unsubscribe", unsubscriptions: ["a", "b"] });
    expect(() => parseConnect(connect.subarray(0, -cut))).toThrow(PacketError);
    expect(parseConnect(connect)).toMatchObject({ cmd: "connect", clientId: "c" });
  }
});

test("what follows a packet in its bytes is refused, and forgotten", () => {
  expect(() => parsePacket(Buffer.concat([unsubscribe, unsubscribe.subarray(0, 3)]), 5)).toThrow(PacketError);
  expect(parsePacket(unsubscribe, 5)).toMatchObject({ cmd: "unsubscribe" });
});
