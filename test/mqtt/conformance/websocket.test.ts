import { afterEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { generate, type IConnectPacket, type Packet, parser } from "mqtt-packet";
import { websocketHandlers } from "../../../src/mqtt";
import { startBroker } from "../support/broker";
import { until } from "../support/client";
import { arrivals, publish, subscribe } from "../support/exchange";
import { rawConnected } from "../support/raw";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A broker that is reached by TCP on one port and by WebSocket on another. */
function startBoth(limits = {}) {
  const started = startBroker({ limits });
  const handlers = websocketHandlers(started.broker);
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, self) => handlers.upgrade(request, self),
    websocket: handlers.websocket,
  });
  stops.push(() => server.stop(true));
  return { ...started, webPort: server.port! };
}

const CONNECT: IConnectPacket = {
  cmd: "connect",
  protocolId: "MQTT",
  protocolVersion: 5,
  clientId: "web",
  clean: true,
  keepalive: 0,
};
const bytesOf = (packet: Packet): Uint8Array<ArrayBuffer> => new Uint8Array(generate(packet, { protocolVersion: 5 }));

async function openSocket(port: number): Promise<{ socket: WebSocket; packets: Packet[] }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, ["mqtt"]);
  socket.binaryType = "arraybuffer";
  const reader = parser({ protocolVersion: 5 });
  const packets: Packet[] = [];
  reader.on("packet", (packet) => packets.push(packet));
  socket.addEventListener("message", ({ data }) => {
    reader.parse(Buffer.from(data as ArrayBuffer));
  });
  stops.push(() => socket.close());
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  return { socket, packets };
}

describe("packets and frames are independent of each other [MQTT-6.0.0-2]", () => {
  const stream = Buffer.concat([
    bytesOf(CONNECT),
    bytesOf({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 0 }] }),
    bytesOf({ cmd: "publish", topic: "t", payload: "x", qos: 1, messageId: 2, dup: false, retain: false }),
    bytesOf({ cmd: "pingreq" }),
  ]);

  test.each([1, 3, 7, 1000])("%d bytes to a frame", async (size) => {
    const { webPort } = startBoth();
    const { socket, packets } = await openSocket(webPort);
    for (let at = 0; at < stream.length; at += size) socket.send(stream.subarray(at, at + size));
    await until(() => packets.length === 5, "five answers");
    expect(packets.map(({ cmd }) => cmd).sort()).toEqual(["connack", "pingresp", "puback", "publish", "suback"]);
  });
});

test("a frame with bytes that are no packet ends the connection", async () => {
  const { webPort, broker } = startBoth();
  const { socket, packets } = await openSocket(webPort);
  socket.send(Buffer.concat([bytesOf(CONNECT), new Uint8Array([0x00, 0])]));
  await until(() => socket.readyState === WebSocket.CLOSED, "the end");
  expect(packets.map((packet) => packet.cmd)).toEqual(["connack", "disconnect"]);
  await until(() => broker.stats().connections === 0, "no connection");
});

test("clients of both transports meet", async () => {
  const { webPort, port } = startBoth();
  const { socket, packets } = await openSocket(webPort);
  socket.send(bytesOf(CONNECT));
  socket.send(bytesOf({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "to/web", qos: 1 }] }));
  await until(() => packets.length === 2, "the subscription");
  const tcp = await rawConnected(port);
  await subscribe(tcp, "to/tcp", 1);
  await publish(tcp, "to/web", "hello");
  socket.send(
    bytesOf({ cmd: "publish", topic: "to/tcp", payload: "hi", qos: 1, messageId: 1, dup: false, retain: false }),
  );
  await until(() => packets.length === 4, "the message and the acknowledgement");
  expect(packets.find(({ cmd }) => cmd === "publish")).toMatchObject({ topic: "to/web" });
  expect(await arrivals(tcp)).toMatchObject([{ topic: "to/tcp" }]);
});

test("a WebSocket that is not read is bounded like any socket, and stalls nobody", async () => {
  const { webPort, port, broker } = startBoth({ outboxShedBytes: 200_000, outboxBytes: 4_000_000 });
  const socket = connect({ host: "127.0.0.1", port: webPort });
  stops.push(() => socket.destroy());
  socket.on("error", () => undefined);
  const request = [
    "GET /mqtt HTTP/1.1",
    "Host: x",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
  ];
  const offer = ["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol: mqtt"];
  socket.write([...request, ...offer, "", ""].join("\r\n"));
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  const hello = Buffer.concat([
    bytesOf(CONNECT),
    bytesOf({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "big", qos: 0 }] }),
  ]);
  // A masked binary frame; the mask is zero, so the bytes stand as they are.
  socket.write(Buffer.concat([new Uint8Array([0x82, 0x80 | hello.length, 0, 0, 0, 0]), hello]));
  await until(() => broker.findClient("web")?.subscriptions.length === 1, "the subscription");
  const reader = await rawConnected(port);
  await subscribe(reader, "big", 0);
  const writer = await rawConnected(port);
  for (let i = 0; i < 200; i++) {
    await publish(writer, "big", Buffer.alloc(100_000), { qos: 1 });
    expect((await arrivals(reader)).length).toBe(1);
  }
  expect(broker.stats().dropped.slow_reader).toBeGreaterThan(50);
  expect(broker.stats().outboxBytes).toBeLessThan(400_000);
});
