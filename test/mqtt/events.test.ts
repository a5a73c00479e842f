import { expect, test } from "bun:test";
import type { BrokerEvents } from "../../src/mqtt";
import { startBroker } from "./support/broker";
import { until } from "./support/client";
import { lasting, lose, publish, subscribe } from "./support/exchange";
import { rawConnected } from "./support/raw";

test("who comes, asks, is refused and goes is told, in its order", async () => {
  const authorize = (_identity: unknown, _action: string, topic: string) => topic !== "secret";
  const authenticate = ({ clientId }: { clientId: string }) => (clientId === "stranger" ? 0x87 : null);
  const { port, broker } = startBroker({ authenticate, authorize, limits: { queuedMessages: 1 } });
  const told: string[] = [];
  const clientOf = ({ identity }: { identity: { clientId: string } }): string => identity.clientId;
  broker.on("connected", (event) => told.push(`connected ${clientOf(event)} ${event.version} ${event.transport}`));
  broker.on("disconnected", (event) => told.push(`disconnected ${clientOf(event)} ${event.reason}`));
  broker.on("refused", ({ reason }) => told.push(`refused ${reason}`));
  broker.on("subscribed", (event) => told.push(`subscribed ${clientOf(event)} ${event.filter} ${event.qos}`));
  broker.on("unsubscribed", (event) => told.push(`unsubscribed ${clientOf(event)} ${event.filter}`));
  broker.on("denied", (event) => told.push(`denied ${clientOf(event)} ${event.action} ${event.topic}`));
  broker.on("dropped", ({ clientId, reason }) => told.push(`dropped ${clientId} ${reason}`));

  const client = await rawConnected(port, lasting(5, "c"));
  await subscribe(client, ["t", "secret"], 1);
  await publish(client, "secret", "x");
  client.send({ cmd: "unsubscribe", messageId: 9, unsubscriptions: ["u", "t"] });
  await client.next("unsuback");
  await subscribe(client, "t", 2);
  await (await rawConnected(port, { clientId: "stranger" })).closed();
  client.send({ cmd: "disconnect" });
  await client.closed();
  const writer = await rawConnected(port, { clientId: "w" });
  for (let i = 0; i < 2; i++) await publish(writer, "t", "x");
  broker.kick("w");
  await writer.closed();
  expect(told).toEqual([
    "connected c 5 tcp",
    "subscribed c t 1",
    "denied c subscribe secret",
    "denied c write secret",
    "unsubscribed c t",
    "subscribed c t 2",
    "refused 135",
    "disconnected c 0",
    "connected w 4 tcp",
    "dropped c queue_full",
    "disconnected w 152",
  ]);
});

test.each(["connected", "subscribed", "disconnected", "denied"] as const)(
  "a listener to %p that throws is told as a fault, and costs nobody anything",
  async (name: keyof BrokerEvents) => {
    const faults: unknown[] = [];
    const authorize = (_identity: unknown, _action: string, topic: string) => topic !== "secret";
    const { port, broker } = startBroker({ authorize }, faults);
    let wasTold = false;
    broker.on(name, () => {
      throw new Error("the log is full");
    });
    broker.on(name, () => {
      wasTold = true;
    });
    const client = await rawConnected(port, { protocolVersion: 5 });
    expect(await subscribe(client, ["t", "secret"], 1)).toEqual([1, 0x87]);
    expect(await publish(client, "t", "x")).toBe(0);
    await lose(broker, client);
    await until(() => wasTold, "the second listener");
    expect(String(faults[0])).toBe("Error: the log is full");
    expect(broker.stats()).toMatchObject({ connections: 0, sessions: 0, protocolErrors: 0 });
  },
);

test("who has stopped listening is told nothing", async () => {
  const { port, broker } = startBroker();
  let count = 0;
  const stop = broker.on("connected", () => {
    count++;
  });
  await rawConnected(port);
  stop();
  await rawConnected(port);
  expect(count).toBe(1);
});
