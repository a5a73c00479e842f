import { expect, test } from "bun:test";
import { createLiveRights } from "../../../src/mqtt";
import { createLog } from "../../../src/platform/log";
import { logEvents } from "../../../src/systems/broker/eventLog";
import { startBroker } from "../../mqtt/support/broker";
import { publish, refusal } from "../../mqtt/support/exchange";
import { rawConnected } from "../../mqtt/support/raw";
import { manualClock } from "../../support/manualClock";

function logged(options: Parameters<typeof startBroker>[0] = {}) {
  const clock = manualClock("2026-03-01T12:00:00Z");
  const log = createLog({ level: "debug", clock, sink: () => undefined });
  const started = startBroker(options);
  const end = logEvents(started.broker, clock, log);
  const lines = (message: string) => log.recent({ limit: 2000 }).filter((line) => line.message === message);
  return { ...started, clock, lines, end };
}

test("a refused login is told with client, user and address, and never with its password", async () => {
  const rights = createLiveRights({ users: [], allowsAnonymous: false, rules: [] });
  const { port, lines, end } = logged(rights);
  const who = { clientId: "c", username: "alice", password: Buffer.from("hunter2"), protocolVersion: 5 as const };
  await (await rawConnected(port, who)).closed();
  const [line] = lines("a connection was refused");
  expect(line).toMatchObject({ level: "warning", clientId: "c", user: "alice", address: "127.0.0.1", reason: 134 });
  expect(JSON.stringify(lines("a connection was refused"))).not.toContain("hunter2");
  expect(await refusal(port, Buffer.from([0x30, 0]))).toBeNull();
  expect(lines("a connection was refused")[0]).toMatchObject({ clientId: "", user: null, address: "127.0.0.1" });
  end();
});

test("a denied right and a disconnection are told with their reasons", async () => {
  const { port, lines, end } = logged(
    createLiveRights({ users: [], allowsAnonymous: true, rules: [{ access: "read", topics: ["#"] }] }),
  );
  const client = await rawConnected(port, { clientId: "nosy", protocolVersion: 5 });
  await publish(client, "not/mine", "x");
  expect(lines("a right was refused")).toMatchObject([{ clientId: "nosy", action: "write", topic: "not/mine" }]);
  client.send(new Uint8Array([0xe1, 0]));
  await client.closed();
  expect(lines("a client was disconnected")).toMatchObject([{ clientId: "nosy", reason: 0x81 }]);
  end();
});

test("drops are summed by client and minute, and lines of one kind are bounded", async () => {
  const { broker, port, clock, lines, end } = logged(
    createLiveRights({ users: [], allowsAnonymous: true, rules: [{ access: "read", topics: ["#"] }] }),
  );
  const client = await rawConnected(port, { clientId: "busy", protocolVersion: 5 });
  for (let i = 0; i < 1005; i++) await publish(client, "not/mine", "x");
  expect(broker.stats().dropped.not_authorized).toBe(1005);
  expect(lines("a right was refused")).toHaveLength(1000);
  clock.advance(60_000);
  expect(lines("lines of one kind were left out")).toMatchObject([{ kind: "a right was refused", count: 5 }]);
  end();
});
