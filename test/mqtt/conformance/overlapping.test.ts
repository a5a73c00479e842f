import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { arrivals, publish, subscribe } from "../support/exchange";
import { rawConnected } from "../support/raw";

describe("overlapping filters, of which one wants no messages of its own client (5.0) [MQTT-3.8.3-3]", () => {
  test("what is its own comes by the other alone: with that one's QoS, flag and identifier", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "t/+", 2, { nl: true, rap: true, identifier: 10 });
    await subscribe(client, "t/#", 0, { identifier: 20 });
    await publish(client, "t/1", "mine", { qos: 2, retain: true });
    const [message, ...more] = await arrivals(client);
    expect(more).toEqual([]);
    expect(message).toMatchObject({ qos: 0, retain: false, properties: { subscriptionIdentifier: 20 } });
  });

  test("what is another's comes by both", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    const other = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "t/+", 2, { nl: true, rap: true, identifier: 10 });
    await subscribe(client, "t/#", 0, { identifier: 20 });
    await publish(other, "t/1", "theirs", { qos: 2, retain: true });
    const [message] = await arrivals(client);
    expect(message).toMatchObject({ qos: 2, retain: true });
    expect([message!.properties!.subscriptionIdentifier].flat().sort()).toEqual([10, 20]);
  });

  test("where both want none, none comes", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    for (const filter of ["t/+", "t/#", "#"]) await subscribe(client, filter, 1, { nl: true });
    await publish(client, "t/1", "mine");
    expect(await arrivals(client)).toEqual([]);
  });
});

test("retain as published of one of two filters is enough for the one copy (5.0) [MQTT-3.3.1-13]", async () => {
  const { port } = startBroker();
  const client = await rawConnected(port, { protocolVersion: 5 });
  await subscribe(client, "t/+", 1, { rap: true });
  await subscribe(client, "t/#", 1);
  await publish(client, "t/1", "x", { retain: true });
  expect(await arrivals(client)).toMatchObject([{ retain: true }]);
});

test("one identifier of two overlapping filters stands in the one copy for both (5.0) [MQTT-3.3.4-4]", async () => {
  const { port } = startBroker();
  const client = await rawConnected(port, { protocolVersion: 5 });
  await subscribe(client, ["t/+", "t/#"], 1, { identifier: 5 });
  await publish(client, "t/1", "x");
  const [message, ...more] = await arrivals(client);
  expect(more).toEqual([]);
  expect(new Set([message!.properties!.subscriptionIdentifier].flat())).toEqual(new Set([5]));
});
