import { choice, integer, port, text } from "../kinds";
import type { Settings } from "../setting";

const MIB = 1024 * 1024;

/** The MQTT broker (docs/broker.md). */
export const brokerSettings = {
  MQTT_PORT: {
    kind: port,
    default: "1883",
    meaning: "Port of the MQTT broker; 0 takes a free one.",
    flags: ["mqtt-port"],
  },
  MQTT_TLS_PORT: {
    kind: port,
    meaning: "Port of MQTT over TLS; unset means none. It needs the two files below.",
    flags: ["mqtt-tls-port"],
  },
  MQTT_TLS_CERT_FILE: { kind: text, meaning: "The certificate of MQTT over TLS, with its chain, as PEM." },
  MQTT_TLS_KEY_FILE: { kind: text, meaning: "The private key of that certificate, as PEM." },
  MQTT_TLS_CA_FILE: {
    kind: text,
    meaning: "Certificates, as PEM, of which one must have signed a client's own; unset means that clients need none.",
  },
  MQTT_GUEST_PORT: {
    kind: port,
    meaning:
      "Port of MQTT for miners that send no user and no password: each may speak for the worker of its client identifier alone. For a private network; unset means none.",
  },
  MQTT_GUEST_HOST: {
    kind: text,
    default: "127.0.0.1",
    meaning: "Address of that port; it must not be one that strangers reach.",
  },
  MQTT_USERS_FILE: {
    kind: text,
    meaning:
      "Users of the broker and what they may do, one JSON object a line (docs/broker.md); read again when it changes. Without it everybody is let in while open, nobody while closed.",
  },
  MQTT_MAX_CONNECTIONS: {
    kind: integer(1, 1_000_000),
    default: "20000",
    unit: "connections",
    meaning: "Connections to the broker in all; further ones are refused.",
  },
  MQTT_MAX_CONNECTIONS_PER_ADDRESS: {
    kind: integer(0, 1_000_000),
    default: "0",
    unit: "connections",
    meaning: "The same from one address; 0 sets no limit of its own.",
  },
  MQTT_MAX_PACKET_BYTES: {
    kind: integer(1024, 256 * MIB),
    default: String(MIB),
    unit: "bytes",
    meaning: "The largest MQTT packet; whoever sends a larger one is disconnected.",
  },
  MQTT_MAX_QUEUED_MESSAGES: {
    kind: integer(1, 10_000_000),
    default: "50000",
    unit: "messages",
    meaning: "Messages that may wait for one client; further ones are dropped.",
  },
  MQTT_MAX_QUEUED_BYTES: {
    kind: integer(1024, 64 * 1024 * MIB),
    default: String(64 * MIB),
    unit: "bytes",
    meaning: "Bytes of messages that may wait for one client.",
  },
  MQTT_MAX_RETAINED_MESSAGES: {
    kind: integer(0, 10_000_000),
    default: "100000",
    unit: "messages",
    meaning: "Retained messages in all; further ones are delivered and not kept.",
  },
  MQTT_MAX_RETAINED_BYTES: {
    kind: integer(0, 64 * 1024 * MIB),
    default: String(192 * MIB),
    unit: "bytes",
    meaning: "Bytes of retained messages in all.",
  },
  MQTT_MAX_PUBLISHES_PER_S: {
    kind: integer(0, 10_000_000),
    default: "0",
    unit: "messages/s",
    meaning: "Messages that one client may publish in a second; then it is not read until the next. 0 sets no limit.",
  },
  MQTT_FLAPPING_CONNECTS: {
    kind: integer(0, 1_000_000),
    default: "120",
    unit: "connects/min",
    meaning: "A client identifier that connects more often is shut out for a time; 0 never shuts out.",
  },
  MQTT_FLAPPING_BAN_S: {
    kind: integer(1, 86_400),
    default: "60",
    unit: "s",
    meaning: "For how long such a client identifier is shut out.",
  },
  MQTT_MEMORY_BYTES: {
    kind: integer(MIB, 1024 * 1024 * MIB),
    default: String(512 * MIB),
    unit: "bytes",
    meaning: "Memory for messages that wait, retained ones included. Near it, load is shed step by step.",
  },
  MQTT_DURABILITY: {
    kind: choice("normal", "full"),
    default: "normal",
    meaning:
      "What the broker has acknowledged survives the end of the process; with full a power loss too, for an fsync.",
  },
} satisfies Settings;
