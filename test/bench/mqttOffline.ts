// Workload E: QoS 1 to persistent sessions that are offline, and then online.
//
//   bun test/bench/mqttOffline.ts --port 1883 --messages 50000 --sessions 10 --publishers 10 --payload 128
//
// Opens the sessions, leaves, publishes to them (each message to one session), comes back and takes everything. Prints
// one JSON object with the rate of both halves; fails where a message is missing.
import { parseArgs } from "node:util";
import { generate, type Packet, type Parser, parser } from "mqtt-packet";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "1883" },
    messages: { type: "string", default: "50000" },
    sessions: { type: "string", default: "10" },
    publishers: { type: "string", default: "10" },
    payload: { type: "string", default: "128" },
    inflight: { type: "string", default: "100" },
  },
});
const port = Number(values.port);
const messages = Number(values.messages);
const sessions = Number(values.sessions);
const publishers = Number(values.publishers);
const inflight = Number(values.inflight);
const payload = Buffer.alloc(Number(values.payload), 0x78);
const tag = `e${process.pid}`;

interface Peer {
  send(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** Opens a connection; `handle` gets each packet but CONNACK. What a full socket does not take is kept. */
async function open(clientId: string, handle: (packet: Packet, peer: Peer) => void): Promise<Peer> {
  const waiting: Uint8Array[] = [];
  const connected = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const reader: Parser = parser({ protocolVersion: 4 });
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data: (_socket, chunk) => void reader.parse(chunk),
      drain: () => flush(),
      close: () => closed.resolve(),
      error: (_socket, error) => connected.reject(error),
    },
  });
  function flush(): void {
    while (waiting.length > 0) {
      const bytes = waiting[0]!;
      const written = Math.max(0, socket.write(bytes));
      if (written < bytes.length) {
        waiting[0] = bytes.subarray(written);
        return;
      }
      waiting.shift();
    }
  }
  const peer: Peer = {
    send(bytes) {
      waiting.push(bytes);
      if (waiting.length === 1) flush();
    },
    async close() {
      peer.send(generate({ cmd: "disconnect" }));
      await closed.promise;
    },
  };
  reader.on("packet", (packet) => {
    if (packet.cmd === "connack") connected.resolve();
    else handle(packet, peer);
  });
  peer.send(
    generate({ cmd: "connect", clientId, clean: false, protocolVersion: 4, protocolId: "MQTT", keepalive: 60 }),
  );
  await connected.promise;
  return peer;
}

async function subscribeAll(): Promise<void> {
  for (let i = 0; i < sessions; i++) {
    const subscribed = Promise.withResolvers<void>();
    const peer = await open(`${tag}-s${i}`, () => subscribed.resolve());
    peer.send(generate({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: `offline/${tag}/${i}`, qos: 1 }] }));
    await subscribed.promise;
    await peer.close();
  }
}

/** Publishes all messages and waits for all acknowledgements; gives the seconds that took. */
async function publishAll(): Promise<number> {
  const done = Promise.withResolvers<void>();
  let sent = 0;
  let acked = 0;
  function sendOne(peer: Peer, messageId: number): void {
    const topic = `offline/${tag}/${sent % sessions}`;
    sent++;
    peer.send(generate({ cmd: "publish", topic, payload, qos: 1, messageId, dup: false, retain: false }));
  }
  const peers: Peer[] = [];
  for (let i = 0; i < publishers; i++) {
    peers.push(
      await open(`${tag}-p${i}`, (packet, peer) => {
        acked++;
        if (sent < messages) sendOne(peer, packet.messageId!);
        if (acked === messages) done.resolve();
      }),
    );
  }
  const start = performance.now();
  for (const peer of peers) {
    for (let id = 1; id <= inflight && sent < messages; id++) sendOne(peer, id);
  }
  await done.promise;
  const seconds = (performance.now() - start) / 1000;
  for (const peer of peers) await peer.close();
  return seconds;
}

/** Comes back for everything; gives the seconds from the first connection to the last message. */
async function receiveAll(): Promise<number> {
  const done = Promise.withResolvers<void>();
  let received = 0;
  const start = performance.now();
  const peers: Peer[] = [];
  for (let i = 0; i < sessions; i++) {
    peers.push(
      await open(`${tag}-s${i}`, (packet, peer) => {
        if (packet.cmd !== "publish") return;
        received++;
        peer.send(generate({ cmd: "puback", messageId: packet.messageId! }));
        if (received === messages) done.resolve();
      }),
    );
  }
  const patience = setTimeout(() => done.resolve(), 60_000);
  await done.promise;
  clearTimeout(patience);
  const seconds = (performance.now() - start) / 1000;
  for (const peer of peers) await peer.close();
  if (received !== messages) throw new Error(`${received} of ${messages} messages have come`);
  return seconds;
}

await subscribeAll();
const publishSeconds = await publishAll();
const receiveSeconds = await receiveAll();
console.log(
  JSON.stringify({
    messages,
    sessions,
    published_per_s: Math.round(messages / publishSeconds),
    received_per_s: Math.round(messages / receiveSeconds),
    overall_per_s: Math.round(messages / (publishSeconds + receiveSeconds)),
  }),
);
