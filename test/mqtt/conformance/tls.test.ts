import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import mqtt from "mqtt";
import { generate, type IPublishPacket, parser } from "mqtt-packet";
import { type Broker, listenTls } from "../../../src/mqtt";
import { lacks } from "../../support/lacks";
import { startBroker } from "../support/broker";
import { until } from "../support/client";
import { publish } from "../support/exchange";
import { rawConnected } from "../support/raw";

setDefaultTimeout(30_000);

const openssl = Bun.which("openssl");

describe.skipIf(lacks("openssl, for a certificate", openssl !== null))("MQTT over TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "mqtt-tls-"));
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  beforeAll(() => {
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    const names = ["-addext", "subjectAltName=DNS:localhost"];
    expect(Bun.spawnSync([openssl!, ...request, ...names, "-keyout", keyFile, "-out", certFile]).exitCode).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function listen(broker: Broker): number {
    const [key, cert] = [readFileSync(keyFile, "utf8"), readFileSync(certFile, "utf8")];
    return listenTls(broker, { hostname: "127.0.0.1", port: 0, key, cert }).port;
  }

  test.each([4, 5] as const)("a real client publishes and receives at each QoS (level %d)", async (protocolVersion) => {
    const { broker } = startBroker();
    const ca = readFileSync(certFile);
    const options = { protocolVersion, ca, reconnectPeriod: 0 };
    const client = await mqtt.connectAsync(`mqtts://localhost:${listen(broker)}`, options, false);
    const got: string[] = [];
    client.on("message", (topic, payload, { qos }) => got.push(`${topic} ${qos} ${payload}`));
    await client.subscribeAsync("t/+", { qos: 2 });
    for (const qos of [0, 1, 2] as const) await client.publishAsync(`t/${qos}`, "x", { qos });
    await until(() => got.length === 3, "three messages");
    expect(got).toEqual(["t/0 0 x", "t/1 1 x", "t/2 2 x"]);
    expect(broker.clients({ offset: 0, limit: 10 })[0]?.connection?.transport).toBe("tls");
    await client.endAsync();
  });

  test("a reader that stops and goes on gets every byte in its order", async () => {
    const { broker, port } = startBroker({ limits: { outboxShedBytes: 64 << 20, outboxBytes: 128 << 20 } });
    const socket = connectTls({ host: "127.0.0.1", port: listen(broker), rejectUnauthorized: false });
    const reader = parser({ protocolVersion: 4 });
    const got: IPublishPacket[] = [];
    reader.on("packet", (packet) => {
      if (packet.cmd === "publish") got.push(packet);
    });
    socket.on("data", (chunk: Buffer) => reader.parse(chunk));
    socket.write(
      generate({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId: "slow", clean: true, keepalive: 0 }),
    );
    socket.write(generate({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "big", qos: 0 }] }));
    await until(() => broker.findClient("slow")?.subscriptions.length === 1, "the subscription");
    socket.pause();
    const writer = await rawConnected(port);
    const COUNT = 150;
    for (let i = 0; i < COUNT; i++) await publish(writer, "big", Buffer.alloc(100_000 + i * 7, `${i};`), { qos: 1 });
    expect(broker.findClient("slow")?.connection?.isBlocked).toBe(true);
    socket.resume();
    await until(() => got.length === COUNT, "all messages");
    got.forEach(({ payload }, i) => {
      expect(Buffer.alloc(100_000 + i * 7, `${i};`).equals(payload as Buffer)).toBe(true);
    });
    socket.destroy();
  });
});
