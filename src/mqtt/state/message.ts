import { type AddedProperties, encodePublishV3, encodePublishV5, NOTHING_ADDED } from "../packet/encodePublish";
import type { Frame } from "../packet/frame";
import type { Qos } from "../packet/publish";
import type { Identity } from "../rights/rights";
import type { Topic } from "../topic/names";
import type { Route } from "./route";

/** One application message. Its encoded forms are made when first asked for and shared by all receivers. */
export interface Message {
  topic: Topic<Route>;
  qos: Qos;
  retain: boolean;
  payload: Uint8Array;
  /** 5.0 properties that receivers get unaltered, encoded, without a length. */
  properties: Uint8Array;
  /** Milliseconds since the epoch after which it is not delivered any more; 0: never. */
  expiresAtMs: number;
  /** Who published it, for "no local" and for the rights of what is retained. */
  publisher: Identity;
  /** Bytes that it is counted with in queues. */
  size: number;
  /** By form: 3.1.1 and 5.0, each without and with a packet identifier. */
  frames: [Frame | null, Frame | null, Frame | null, Frame | null];
  /** Its place among all messages that wait for sessions; 0: it waits for none. */
  sequence: number;
  /** How many keep it: queues, messages on their way, and the retained ones. Its bytes are counted once for all. */
  holders: number;
  /** Row of the message in the store, 0 where it has none, and how many queues there refer to it. */
  storedId: number;
  storedReferences: number;
}

/** What a kept message costs beside its bytes, as measured: mostly the buffers of its own for payload and properties. */
const MESSAGE_OVERHEAD_BYTES = 750;

/** A message of these parts, with nothing encoded yet. `payload` and `properties` are kept, not copied. */
export function createMessage(
  topic: Topic<Route>,
  qos: Qos,
  retain: boolean,
  payload: Uint8Array,
  properties: Uint8Array,
  expiresAtMs: number,
  publisher: Identity,
): Message {
  return {
    topic,
    qos,
    retain,
    payload,
    properties,
    expiresAtMs,
    publisher,
    size: payload.length + properties.length + topic.bytes.length + MESSAGE_OVERHEAD_BYTES,
    frames: [null, null, null, null],
    sequence: 0,
    holders: 0,
    storedId: 0,
    storedReferences: 0,
  };
}

/** The form in which a receiver of this version gets a message of this QoS. */
export function formOf(version: number, qos: Qos): 0 | 1 | 2 | 3 {
  if (version === 5) return qos === 0 ? 2 : 3;
  return qos === 0 ? 0 : 1;
}

/** The shared encoding of a form. A message that expires has none for 5.0, since its interval counts down. */
export function sharedFrame(message: Message, form: 0 | 1 | 2 | 3): Frame {
  const made = message.frames[form];
  if (made !== null) return made;
  const parts = { topic: message.topic.bytes, properties: message.properties, payload: message.payload };
  const packetIdSize = (form & 1) === 0 ? 0 : 2;
  const frame = form < 2 ? encodePublishV3(parts, packetIdSize) : encodePublishV5(parts, packetIdSize, NOTHING_ADDED);
  message.frames[form] = frame;
  return frame;
}

/** An encoding for one 5.0 receiver, with properties of its own; `topic` is empty where an alias stands for it. */
export function ownFrame(message: Message, qos: Qos, added: AddedProperties, topic: Uint8Array): Frame {
  const parts = { topic, properties: message.properties, payload: message.payload };
  return encodePublishV5(parts, qos === 0 ? 0 : 2, added);
}

/** Forgets the encodings, which would take the memory of a message that is kept several times over. */
export function forgetFrames(message: Message): void {
  message.frames.fill(null);
}

/** Whether the message may no longer be delivered [MQTT-3.3.2-5]. */
export function isExpired(message: Message, nowMs: number): boolean {
  return message.expiresAtMs !== 0 && message.expiresAtMs <= nowMs;
}

/** Seconds left of the message's expiry interval [MQTT-3.3.2-6], begun ones whole; -1: it never expires. */
export function secondsLeft(message: Message, nowMs: number): number {
  return message.expiresAtMs === 0 ? -1 : Math.max(0, Math.ceil((message.expiresAtMs - nowMs) / 1000));
}

const OWNED_SLACK_BYTES = 256;
const NO_BYTES = new Uint8Array(0);

/**
 * Gives the message bytes of its own, where they were a small part of a large chunk: what is kept beyond the turn must
 * not hold a socket's whole read buffer. The encodings that shared the chunk are forgotten.
 */
export function ownBytes(message: Message): void {
  if (isOwn(message.payload) && isOwn(message.properties)) return;
  message.payload = message.payload.slice();
  message.properties = message.properties.length === 0 ? NO_BYTES : message.properties.slice();
  forgetFrames(message);
}

function isOwn(bytes: Uint8Array): boolean {
  return bytes.buffer.byteLength <= bytes.length + OWNED_SLACK_BYTES;
}
