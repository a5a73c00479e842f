import type { IConnectPacket, IPublishPacket, ISubscribePacket, Packet } from "mqtt-packet";
import type { Broker } from "../../../src/mqtt";
import { manualClock } from "../../support/manualClock";
import { until } from "./client";
import { type RawClient, rawClient } from "./raw";

/** A clock for a broker whose waiting is tested by the second. */
export const brokerClock = () => manualClock("2026-03-01T12:00:00Z");

type Qos = 0 | 1 | 2;
type SubscribeOptions = Omit<ISubscribePacket["subscriptions"][number], "topic" | "qos">;
type Ack = { messageId?: number | undefined; reasonCode?: number | undefined };

let lastMessageId = 0;

function nextMessageId(): number {
  lastMessageId = (lastMessageId % 65_535) + 1;
  return lastMessageId;
}

/** Subscribes to one filter or to several; gives the codes of the SUBACK. */
export async function subscribe(
  client: RawClient,
  filters: string | readonly string[],
  qos: Qos = 0,
  options: SubscribeOptions & { identifier?: number } = {},
): Promise<number[]> {
  const { identifier, ...asked } = options;
  const messageId = nextMessageId();
  client.send({
    cmd: "subscribe",
    messageId,
    subscriptions: [filters].flat().map((topic) => ({ topic, qos, nl: false, rap: false, rh: 0, ...asked })),
    ...(identifier === undefined ? {} : { properties: { subscriptionIdentifier: identifier } }),
  });
  const { granted, messageId: answered } = await client.next("suback");
  if (answered !== messageId) throw new Error(`SUBACK for ${answered} instead of ${messageId}`);
  return granted as number[];
}

/** Publishes at QoS 0 or 1, or at QoS 2 to its end; gives the reason code of PUBACK or PUBREC. */
export async function publish(
  client: RawClient,
  topic: string,
  payload: string | Buffer = "",
  options: Partial<IPublishPacket> = {},
): Promise<number> {
  const { qos = 1 } = options;
  const messageId = nextMessageId();
  client.send({ cmd: "publish", topic, payload, dup: false, retain: false, messageId, ...options, qos });
  if (qos === 0) return 0;
  const ack: Ack = qos === 1 ? await client.next("puback") : await client.next("pubrec");
  if (qos === 1 || (ack.reasonCode ?? 0) >= 0x80) return ack.reasonCode ?? 0;
  client.send({ cmd: "pubrel", messageId });
  await client.next("pubcomp");
  return ack.reasonCode ?? 0;
}

/**
 * Everything published to this client so far, taken from it. What the broker had put into its outbox before stands
 * before the answer to a ping, so nothing has to be waited for.
 */
export async function arrivals(client: RawClient): Promise<IPublishPacket[]> {
  client.send({ cmd: "pingreq" });
  await client.next("pingresp");
  const isPublish = (packet: Packet): packet is IPublishPacket => packet.cmd === "publish";
  const found = client.packets.filter(isPublish);
  client.packets.splice(0, client.packets.length, ...client.packets.filter((packet) => !isPublish(packet)));
  return found;
}

/** The same as text: `topic=payload`. */
export async function texts(client: RawClient): Promise<string[]> {
  return (await arrivals(client)).map(({ topic, payload }) => `${topic}=${payload}`);
}

/** How a connection that is sent these bytes first ends: the CONNACK's code, or null where there was none. */
export async function refusal(port: number, bytes: Uint8Array | Packet, version = 4): Promise<number | null> {
  const client = await rawClient(port, version);
  client.send(bytes);
  await client.closed();
  const answer = client.packets[0];
  if (answer?.cmd !== "connack") return null;
  return answer.reasonCode ?? answer.returnCode ?? null;
}

/** What a CONNECT says whose session is to outlast its connection, in either version. */
export function lasting(protocolVersion: 4 | 5, clientId: string, expirySeconds = 3600): Partial<IConnectPacket> {
  const properties = { sessionExpiryInterval: expirySeconds };
  return { protocolVersion, clientId, clean: false, ...(protocolVersion === 5 ? { properties } : {}) };
}

/** Breaks a client's connection and waits until the broker knows of it. */
export async function lose(broker: Broker, client: RawClient): Promise<void> {
  const { connections } = broker.stats();
  client.cut();
  await until(() => broker.stats().connections < connections, "the broker to see that a connection is gone");
}
