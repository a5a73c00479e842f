import { generate, type IPublishPacket, type Packet, parser } from "mqtt-packet";
import { connectPacket, type PeerOptions, type Will } from "./mqttConnect";
import type { DeliveryChecker, Publication, Qos } from "./mqttDelivery";

/** What takes a client's bytes to the broker. */
export interface Wire {
  send(bytes: Uint8Array): void;
  /** Ends it after what was sent. */
  close(): void;
}

/** A client's end of a wire. */
export interface Inlet {
  receive(bytes: Uint8Array): void;
  closed(): void;
}

/**
 * A client by the book: it keeps its half of the session over connections, sends again what was not acknowledged, and
 * takes a QoS 2 message once. What it does and gets it tells the checker.
 */
export interface Peer {
  readonly options: PeerOptions;
  /** Takes this wire in place of any other, and says CONNECT. */
  connect(dial: (inlet: Inlet) => Wire, will?: Will): void;
  /** CONNACK has come on the present wire. */
  isOnline(): boolean;
  hasWire(): boolean;
  /** Publications that are not done with. */
  unacknowledged(): number;
  /** Filters that were asked for and neither granted nor, where they are to go, confirmed. */
  unsettled(): number;
  publish(publication: Publication, payload: string): void;
  subscribe(filter: string, qos: Qos): void;
  unsubscribe(filter: string): void;
  ping(): void;
  /** Pings that have not been answered. */
  pingsDue(): number;
  disconnect(reasonCode?: number): void;
  /** Leaves the wire as it is and listens to it no more. */
  abandon(): Wire | null;
  /** Forgets its half of a session that the broker has no more. */
  forget(): void;
}

/** What a peer tells beside what the checker is told. */
export interface PeerEvents {
  online(sessionPresent: boolean): void;
  /** The wire was closed, by the other side or on the way. */
  offline(): void;
  acknowledged(): void;
  /** A PUBLISH for a topic in which the checker is not interested, or a retained one. */
  packet(packet: Packet): void;
}

const FIRST_ERROR_REASON = 0x80;

interface Outgoing {
  publication: Publication;
  packet: IPublishPacket;
  isReleased: boolean;
}

interface Wish {
  filter: string;
  qos: Qos | null;
}

export function createPeer(options: PeerOptions, checker: DeliveryChecker, events: PeerEvents): Peer {
  const { clientId, version, defer = (action) => action() } = options;
  const protocol = { protocolVersion: version };
  const outgoing = new Map<number, Outgoing>();
  const wishes = new Map<number, Wish>();
  const incoming = new Set<number>();
  const aliases = new Map<number, string>();
  let wire: Wire | null = null;
  let isOnline = false;
  let pings = 0;
  let lastId = 0;

  function send(packet: Packet): void {
    wire?.send(generate(packet, protocol));
  }

  /** Answers when the client gets round to it, unless the connection is another by then. */
  function reply(packet: Packet, then: () => void = () => undefined): void {
    const on = wire;
    defer(() => {
      if (on !== wire || wire === null) return;
      send(packet);
      then();
    });
  }

  function freeId(): number {
    do lastId = (lastId % 65_535) + 1;
    while (outgoing.has(lastId) || wishes.has(lastId));
    return lastId;
  }

  function sendPublication(messageId: number, { publication, packet }: Outgoing, dup: boolean): void {
    checker.publishing(publication);
    send({ ...packet, dup, ...(publication.qos === 0 ? {} : { messageId }) });
  }

  function resume(): void {
    for (const [messageId, one] of outgoing) {
      if (one.isReleased) send({ cmd: "pubrel", messageId });
      else sendPublication(messageId, one, true);
    }
    for (const [messageId, wish] of wishes) ask(messageId, wish);
  }

  function ask(messageId: number, { filter, qos }: Wish): void {
    if (qos === null) send({ cmd: "unsubscribe", messageId, unsubscriptions: [filter] });
    else send({ cmd: "subscribe", messageId, subscriptions: [{ topic: filter, qos, nl: false, rap: false, rh: 0 }] });
  }

  function mustBeFine(what: string, reasonCode = 0): void {
    const isRefusal = what === "CONNACK" ? reasonCode !== 0 : reasonCode >= FIRST_ERROR_REASON;
    if (isRefusal) throw new Error(`${clientId} got a ${what} with reason ${reasonCode}`);
  }

  function forget(): void {
    outgoing.clear();
    wishes.clear();
    incoming.clear();
    checker.sessionBegan(clientId);
  }

  /** An alias holds for its connection, whatever becomes of the message that gave it [MQTT-3.3.2-12]. */
  function topicOf({ topic, properties }: IPublishPacket): string {
    const alias = properties?.topicAlias;
    if (alias === undefined) return topic;
    if (topic !== "") aliases.set(alias, topic);
    return aliases.get(alias) ?? `alias ${alias}, which was never given`;
  }

  function onPublish(packet: IPublishPacket): void {
    const { qos, dup: duplicate, retain: retained } = packet;
    const messageId = packet.messageId!;
    const topic = topicOf(packet);
    const number = Number.parseInt(packet.payload.toString(), 10);
    if (qos !== 2 || !incoming.has(messageId)) checker.arrived(clientId, { number, topic, qos, duplicate, retained });
    if (qos === 2) incoming.add(messageId);
    if (qos > 0) reply({ cmd: qos === 1 ? "puback" : "pubrec", messageId, reasonCode: 0 });
  }

  function acknowledged(messageId: number): void {
    const one = outgoing.get(messageId);
    if (one === undefined) return;
    checker.acknowledged(one.publication);
    events.acknowledged();
  }

  function settled(messageId: number): void {
    const wish = wishes.get(messageId);
    wishes.delete(messageId);
    if (wish === undefined) return;
    if (wish.qos === null) checker.unsubscribed(clientId, wish.filter);
    else checker.subscribed(clientId, wish.filter);
  }

  const handlers: { [Cmd in Packet["cmd"]]?: (packet: Extract<Packet, { cmd: Cmd }>) => void } = {
    connack({ sessionPresent, returnCode, reasonCode }) {
      mustBeFine("CONNACK", version === 5 ? reasonCode : returnCode);
      isOnline = true;
      if (!sessionPresent) forget();
      resume();
      events.online(sessionPresent);
    },
    publish: onPublish,
    puback({ messageId, reasonCode }) {
      mustBeFine("PUBACK", reasonCode);
      acknowledged(messageId!);
      outgoing.delete(messageId!);
    },
    pubrec({ messageId, reasonCode }) {
      mustBeFine("PUBREC", reasonCode);
      acknowledged(messageId!);
      const one = outgoing.get(messageId!);
      if (one !== undefined) one.isReleased = true;
      reply({ cmd: "pubrel", messageId: messageId! });
    },
    pubrel({ messageId }) {
      reply({ cmd: "pubcomp", messageId: messageId! }, () => incoming.delete(messageId!));
    },
    pubcomp: ({ messageId }) => void outgoing.delete(messageId!),
    suback({ messageId, granted }) {
      mustBeFine("SUBACK", granted[0] as number);
      settled(messageId!);
    },
    unsuback: ({ messageId }) => settled(messageId!),
    pingresp() {
      pings--;
    },
  };

  function handle(packet: Packet): void {
    (handlers[packet.cmd] as ((packet: Packet) => void) | undefined)?.(packet);
    events.packet(packet);
  }

  function leave(): void {
    wire = null;
    isOnline = false;
    pings = 0;
    aliases.clear();
  }

  return {
    options,
    connect(dial, will) {
      leave();
      const reader = parser(protocol);
      const mine = dial({
        receive: (bytes) => {
          if (wire === mine) reader.parse(Buffer.from(bytes));
        },
        closed() {
          if (wire !== mine) return;
          leave();
          events.offline();
        },
      });
      reader.on("packet", (packet) => {
        if (wire === mine) handle(packet);
      });
      reader.on("error", (error: Error) => {
        throw error;
      });
      wire = mine;
      send(connectPacket(options, will));
    },
    isOnline: () => isOnline,
    hasWire: () => wire !== null,
    unacknowledged: () => outgoing.size,
    unsettled: () => wishes.size,
    publish(publication, payload) {
      const { topic, qos, retain, expirySeconds } = publication;
      const properties = expirySeconds === null ? {} : { properties: { messageExpiryInterval: expirySeconds } };
      const packet: IPublishPacket = { cmd: "publish", topic, payload, qos, retain, dup: false, ...properties };
      const one: Outgoing = { publication, packet, isReleased: false };
      const messageId = qos === 0 ? 0 : freeId();
      if (qos > 0) outgoing.set(messageId, one);
      sendPublication(messageId, one, false);
    },
    subscribe(filter, qos) {
      checker.subscribing(clientId, filter, qos);
      const messageId = freeId();
      wishes.set(messageId, { filter, qos });
      ask(messageId, { filter, qos });
    },
    unsubscribe(filter) {
      checker.unsubscribing(clientId, filter);
      const messageId = freeId();
      wishes.set(messageId, { filter, qos: null });
      ask(messageId, { filter, qos: null });
    },
    ping() {
      pings++;
      send({ cmd: "pingreq" });
    },
    pingsDue: () => pings,
    disconnect(reasonCode) {
      send(reasonCode === undefined || version === 4 ? { cmd: "disconnect" } : { cmd: "disconnect", reasonCode });
      wire?.close();
      leave();
    },
    abandon() {
      const left = wire;
      leave();
      return left;
    },
    forget,
  };
}
