import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { connect as realConnect } from "../support/client";
import { arrivals, publish, subscribe } from "../support/exchange";
import { rawConnected } from "../support/raw";

const PUBLISH = { cmd: "publish", topic: "t", qos: 1, messageId: 1, dup: false, retain: false } as const;

describe("properties of a message (5.0)", () => {
  const cases: [name: string, clause: string, properties: object][] = [
    ["payload format", "MQTT-3.3.2-4", { payloadFormatIndicator: true }],
    ["content type", "MQTT-3.3.2-20", { contentType: "text/plain; charset=utf-8" }],
    ["response topic", "MQTT-3.3.2-15", { responseTopic: "answers/ü/1" }],
    ["correlation data", "MQTT-3.3.2-16", { correlationData: Buffer.from([0, 255, 1, 254]) }],
    ["user properties", "MQTT-3.3.2-17", { userProperties: { one: "1", two: ["2", "zwei", ""] } }],
  ];
  test.each(cases)("%s arrive as they were sent [%s]", async (_name, _clause, properties) => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "t", 2);
    for (const qos of [0, 1, 2] as const) await publish(client, "t", "x", { qos, properties });
    const got = await arrivals(client);
    expect(got.map((message) => message.properties)).toEqual([properties, properties, properties]);
  });

  test("user properties keep their order, and names may repeat [MQTT-3.3.2-18]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "t", 0);
    const pair = (name: string, value: string) => [0x26, 0, 1, name.charCodeAt(0), 0, 1, value.charCodeAt(0)];
    const properties = [...pair("b", "1"), ...pair("a", "2"), ...pair("b", "3"), ...pair("a", "2")];
    const body = [0, 1, 0x74, properties.length, ...properties, 0x78];
    client.send(new Uint8Array([0x30, body.length, ...body]));
    await arrivals(client);
    expect(Buffer.concat(client.chunks).includes(new Uint8Array(body))).toBe(true);
  });

  test("text that is none is refused with 0x99 [3.3.2.3.2]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    const payload = Buffer.from([0xff, 0xfe]);
    expect(await publish(client, "t", payload, { properties: { payloadFormatIndicator: false } })).toBe(0x10);
    client.send({ ...PUBLISH, payload, properties: { payloadFormatIndicator: true } });
    expect((await client.next("disconnect")).reasonCode).toBe(0x99);
    await client.closed();
  });

  test("a response topic with a wildcard is refused [MQTT-3.3.2-14]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    client.send({ ...PUBLISH, payload: "x", properties: { responseTopic: "a/#" } });
    expect((await client.next("disconnect")).reasonCode).toBe(0x81);
    await client.closed();
  });

  test("they do not reach a 3.1.1 client, the message does", async () => {
    const { port } = startBroker();
    const old = await rawConnected(port);
    await subscribe(old, "t", 1);
    const modern = await rawConnected(port, { protocolVersion: 5 });
    await publish(modern, "t", "x", { properties: { contentType: "y", messageExpiryInterval: 60 } });
    const [message] = await arrivals(old);
    expect(message!.payload.toString()).toBe("x");
  });
});

test("a request is answered to its response topic, with its correlation data [4.10]", async () => {
  const { port } = startBroker();
  const properties = { requestResponseInformation: true };
  const asking = await realConnect(port, { protocolVersion: 5, clientId: "asker", properties });
  const answering = await realConnect(port, { protocolVersion: 5 });
  await answering.client.subscribeAsync("service/square", { qos: 1 });
  answering.client.on("message", (_topic, payload, { properties }) => {
    const answer = String(Number(payload.toString()) ** 2);
    const correlationData = properties!.correlationData!;
    void answering.client.publishAsync(properties!.responseTopic!, answer, { qos: 1, properties: { correlationData } });
  });
  const responseTopic = "answers/asker";
  await asking.client.subscribeAsync(responseTopic, { qos: 1 });
  for (const number of [7, 8]) {
    const correlationData = Buffer.from(`request ${number}`);
    await asking.client.publishAsync("service/square", String(number), {
      qos: 1,
      properties: { responseTopic, correlationData },
    });
  }
  const answers = await asking.received(2);
  expect(answers.map(({ payload, packet }) => [payload, packet.properties?.correlationData?.toString()])).toEqual([
    ["49", "request 7"],
    ["64", "request 8"],
  ]);
});

describe("properties that are wrong (5.0)", () => {
  const wrong: [name: string, properties: number[], code: number][] = [
    ["one that a PUBLISH must not have", [0x11, 0, 0, 0, 1], 0x82],
    ["an unknown one", [0x7f, 0], 0x81],
    ["a server's own", [0x24, 1], 0x81],
    ["one given twice", [0x01, 0, 0x01, 0], 0x82],
    ["a flag that is 2", [0x01, 2], 0x82],
    ["a text that is cut", [0x03, 0, 9, 0x61], 0x81],
    ["a text that is no UTF-8", [0x03, 0, 1, 0xff], 0x81],
    ["a user property without a value", [0x26, 0, 1, 0x61], 0x81],
  ];
  test.each(wrong)("%s ends the connection [MQTT-4.13.1-1]", async (_name, properties, code) => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    const body = [0, 1, 0x74, properties.length, ...properties, 0x78];
    client.send(new Uint8Array([0x30, body.length, ...body]));
    expect((await client.next("disconnect")).reasonCode).toBe(code);
    await client.closed();
  });

  test("a property block that is longer than its packet ends the connection", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    client.send(new Uint8Array([0x30, 5, 0, 1, 0x74, 9, 1]));
    expect((await client.next("disconnect")).reasonCode).toBe(0x81);
    await client.closed();
  });
});
