import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { generate } from "mqtt-packet";
import { type Broker, listenTls, sqliteStore } from "../../../src/mqtt";
import { startBroker } from "../../mqtt/support/broker";
import { until } from "../../mqtt/support/client";
import { arrivals, brokerClock, lasting, lose } from "../../mqtt/support/exchange";
import { rawClient, rawConnected } from "../../mqtt/support/raw";
import { lacks } from "../../support/lacks";
import { startPair } from "./healthyPair";

setDefaultTimeout(30_000);

const SECOND_MS = 1000;
const CONNECT = generate(
  {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 5,
    clientId: "c",
    clean: true,
    keepalive: 0,
  },
  { protocolVersion: 5 },
);

describe("a peer without a CONNECT", () => {
  test("that says nothing is closed when its time is over, and not before", async () => {
    const clock = brokerClock();
    const pair = await startPair([], { clock });
    const silent = await Promise.all(Array.from({ length: 20 }, () => rawClient(pair.port)));
    await until(() => pair.broker.stats().connections === 22, "all connections");
    clock.advance(9 * SECOND_MS);
    expect(pair.broker.stats().connections).toBe(22);
    clock.advance(2 * SECOND_MS);
    await Promise.all(silent.map((peer) => peer.closed()));
    await pair.expectUndisturbed();
  });

  test("that says it byte by byte without end is closed at the same time", async () => {
    const clock = brokerClock();
    const pair = await startPair([], { clock });
    const slow = await rawClient(pair.port, 5);
    for (let i = 0; i < 9; i++) {
      slow.send(CONNECT.subarray(i, i + 1));
      await pair.exchange();
      clock.advance(1 * SECOND_MS);
    }
    expect(pair.broker.stats().connections).toBe(3);
    clock.advance(2 * SECOND_MS);
    await slow.closed();
    await pair.expectUndisturbed();
  });

  test("whose credentials are never decided on is closed at the same time, with 0x89: it was not refused", async () => {
    const clock = brokerClock();
    let wasAsked = false;
    const authenticate = ({ clientId }: { clientId: string }) => {
      if (clientId !== "c") return null;
      wasAsked = true;
      return new Promise<null>(() => undefined);
    };
    const pair = await startPair([], { clock, authenticate });
    const waiting = await rawClient(pair.port, 5);
    waiting.send(CONNECT);
    waiting.send({ cmd: "pingreq" });
    await until(() => wasAsked, "the question");
    clock.advance(11 * SECOND_MS);
    expect((await waiting.next("connack")).reasonCode).toBe(0x89);
    await waiting.closed();
    await pair.expectUndisturbed();
  });
});

describe("time that passes for the broker and not for its clients, or the other way round", () => {
  test.each([60 * 60, -60 * 60])("ends nothing and keeps nobody: the clock is set by %d s", async (byS) => {
    const clock = brokerClock();
    const pair = await startPair([], { clock });
    const alive = await rawConnected(pair.port, { keepalive: 20 });
    const silent = await rawConnected(pair.port, { keepalive: 20 });
    await lose(pair.broker, await rawConnected(pair.port, lasting(5, "away", 600)));
    clock.advance(20 * SECOND_MS);
    clock.set(byS * SECOND_MS);
    clock.advance(1 * SECOND_MS);
    expect(pair.broker.stats().connections).toBe(4);
    expect(pair.broker.findClient("away")).not.toBeNull();
    const ends = pair.broker.findClient("away")!.endsAtMs;
    expect(Math.abs(ends - clock.now() - 579 * SECOND_MS)).toBeLessThan(SECOND_MS);
    await arrivals(alive);
    clock.advance(10 * SECOND_MS);
    await silent.closed();
    expect(alive.isClosed).toBe(false);
    clock.advance(570 * SECOND_MS);
    expect(pair.broker.findClient("away")).toBeNull();
    alive.cut();
    await until(() => pair.broker.stats().connections === 2, "the end of the client");
    await pair.expectUndisturbed();
  });

  test.each([
    ["is set while it runs, by thirty years", 30 * 365 * 86_400, 0, 60],
    ["is behind at the next start", 0, -86_400, 0],
    ["goes on while it does not run", 0, 300, 300],
  ])("a session outlives a restart: the clock %s", async (_, whileRunningS, whileStoppedS, countedS) => {
    const clock = brokerClock();
    const path = join(mkdtempSync(join(tmpdir(), "mqtt-clock-")), "mqtt.db");
    const before = startBroker({ clock, store: sqliteStore(path) });
    await lose(before.broker, await rawConnected(before.port, lasting(5, "away", 3600)));
    clock.set(whileRunningS * SECOND_MS);
    clock.advance(whileRunningS === 0 ? 0 : 60 * SECOND_MS);
    await before.broker.stop();
    clock.set(whileStoppedS * SECOND_MS);
    const after = startBroker({ clock, store: sqliteStore(path) });
    const left = after.broker.findClient("away")!.endsAtMs - clock.now();
    expect(Math.abs(left - (3600 - countedS) * SECOND_MS)).toBeLessThan(SECOND_MS);
    rmSync(path);
  });

  test("what has come while the broker was held up is read before anybody is judged", async () => {
    let nowMs = 0;
    let sweep = (): void => undefined;
    const clock = {
      now: () => nowMs,
      monotonic: () => nowMs,
      after: (_: number, action: () => void) => {
        sweep = action;
        return () => undefined;
      },
    };
    const { broker, port } = startBroker({ clock });
    const client = await rawConnected(port, { keepalive: 10 });
    sweep();
    // For so long nothing is read; then the walk comes before the socket.
    nowMs += 43 * SECOND_MS;
    sweep();
    expect(broker.stats().connections).toBe(1);
    await arrivals(client);
    nowMs += 250;
    sweep();
    expect(broker.stats().connections).toBe(1);
    nowMs += 16 * SECOND_MS;
    sweep();
    nowMs += 250;
    sweep();
    expect(broker.stats().connections).toBe(0);
  });
});

describe("a half-open connection", () => {
  test("whose peer has vanished ends with its keep-alive", async () => {
    const clock = brokerClock();
    const pair = await startPair(["will"], { clock });
    const will = { topic: "will", payload: Buffer.from("gone"), qos: 0 as const, retain: false };
    const gone = await rawConnected(pair.port, { keepalive: 20, will });
    gone.stall();
    clock.advance(31 * SECOND_MS);
    expect(await pair.read()).toEqual(["will=gone"]);
    await pair.expectUndisturbed();
  });

  test("whose peer has closed its own side ends at once", async () => {
    const pair = await startPair();
    const socket = connect({ host: "127.0.0.1", port: pair.port, allowHalfOpen: true });
    socket.on("error", () => undefined);
    socket.write(CONNECT);
    await until(() => pair.broker.findClient("c") !== null, "the client");
    socket.end();
    await pair.expectUndisturbed();
    socket.destroy();
  });
});

test("clients that ask for the longest keep-alive, or none, leave room for others (CVE-2020-13849)", async () => {
  const clock = brokerClock();
  const { port, broker } = startBroker({ clock, limits: { connectionsPerAddress: 6, keepAliveSeconds: 60 } });
  for (const keepalive of [0, 65_535]) {
    for (const protocolVersion of [4, 5] as const) await rawConnected(port, { keepalive, protocolVersion });
  }
  await rawConnected(port);
  await rawConnected(port);
  const refused = await rawClient(port);
  await refused.closed();
  expect(broker.stats()).toMatchObject({ connections: 6, connectionsRefused: 1 });
  // A 5.0 client is told a shorter one, and held to it.
  clock.advance(91 * SECOND_MS);
  expect(broker.stats().connections).toBe(4);
});

const openssl = Bun.which("openssl");

describe.skipIf(lacks("openssl, for a certificate", openssl !== null))("a peer of the TLS port", () => {
  const folder = mkdtempSync(join(tmpdir(), "mqtt-tls-"));
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  beforeAll(() => {
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    expect(Bun.spawnSync([openssl!, ...request, "-keyout", keyFile, "-out", certFile]).exitCode).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function listen(broker: Broker): number {
    const [key, cert] = [readFileSync(keyFile, "utf8"), readFileSync(certFile, "utf8")];
    return listenTls(broker, { hostname: "127.0.0.1", port: 0, key, cert }).port;
  }

  test("that shakes no hands is closed when its time is over", async () => {
    const clock = brokerClock();
    const pair = await startPair([], { clock });
    const port = listen(pair.broker);
    const silent = await rawClient(port);
    const plain = await rawClient(port, 5);
    plain.send(CONNECT);
    await plain.closed();
    expect(plain.packets).toEqual([]);
    await until(() => pair.broker.stats().connections === 3, "the silent peer");
    clock.advance(11 * SECOND_MS);
    await silent.closed();
    await pair.expectUndisturbed();
  });

  test("that is refused reads why before its connection ends", async () => {
    const pair = await startPair([], { authenticate: ({ clientId }) => (clientId === "c" ? 0x86 : null) });
    const peer = connectTls({ host: "127.0.0.1", port: listen(pair.broker), rejectUnauthorized: false });
    const chunks: Uint8Array[] = [];
    peer.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    peer.write(CONNECT);
    await new Promise((resolve) => peer.once("close", resolve));
    expect([...Buffer.concat(chunks).subarray(0, 1), Buffer.concat(chunks)[3]]).toEqual([0x20, 0x86]);
    await pair.expectUndisturbed();
  });

  test("that is refused and goes on is cut off after some seconds", async () => {
    const clock = brokerClock();
    const pair = await startPair([], { clock, authenticate: ({ clientId }) => (clientId === "c" ? 0x86 : null) });
    const port = listen(pair.broker);
    const peer = connectTls({ ...{ host: "127.0.0.1", port, rejectUnauthorized: false }, ...{ allowHalfOpen: true } });
    let isCut = false;
    peer.on("error", () => {
      isCut = true;
    });
    peer.write(CONNECT);
    peer.pause();
    await until(() => pair.broker.stats().connectionsRefused === 1, "the refusal");
    await pair.exchange();
    clock.advance(1 * SECOND_MS);
    expect(isCut).toBe(false);
    clock.advance(2 * SECOND_MS);
    await until(() => isCut, "the end of the refused peer");
    peer.destroy();
    await pair.expectUndisturbed();
  });
});
