// Long because it is one table of all settings: whoever looks for one finds it here.
import type { z } from "zod";
import { choice, httpUrl, integer, isoDate, list, port, text, timeOfDay, toggle } from "./kinds";

/** Everything there is to say of one setting. The variable's name is its key in {@link settings}. */
export interface Setting {
  kind: z.ZodType<unknown, string>;
  /** The default as text; absent means that the setting may stay unset. */
  default?: string;
  unit?: string;
  meaning: string;
  /** Names of the variable in the systems that this one stands in for; they count only where the own name is unset. */
  aliases?: string[];
  /** The flag of `serve`, without dashes; further ones are aliases. */
  flags?: string[];
  /** Never shown, logged or written anywhere but to the file of secrets. */
  secret?: true;
}

const MIB = 1024 * 1024;

/** Every setting, in the order of `.env.example`. */
export const settings = {
  HOST: {
    kind: text,
    default: "127.0.0.1",
    meaning: "Address to listen on. Any other than loopback makes the service closed: secrets are needed.",
    aliases: ["API_HOST", "FLASK_HOST"],
    flags: ["host"],
  },
  PORT: {
    kind: port,
    default: "8080",
    meaning: "Port of HTTP and WebSocket; 0 takes a free one.",
    aliases: ["API_PORT"],
    flags: ["port", "api-port"],
  },
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
    default: String(64 * MIB),
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
  FILECOIN_PORT: { kind: port, meaning: "A port of its own for the Filecoin forecaster, alone at the root." },
  MARKET_PORT: { kind: port, meaning: "A port of its own for the market, alone at the root." },
  CHAIN_PORT: { kind: port, meaning: "A port of its own for the chain simulator, alone at the root." },
  ONLY: {
    kind: list,
    default: "",
    meaning: "Names of the systems to serve (filecoin, market, chain, mqtt); empty means all.",
    flags: ["only"],
  },
  NO_CHAIN: {
    kind: toggle,
    default: "false",
    meaning: "Leaves the chain simulator out.",
    flags: ["no-chain"],
  },
  OPEN: {
    kind: toggle,
    default: "false",
    meaning: "Lets anybody in as the originals do, on whatever address. Without it only loopback is open.",
    flags: ["open"],
  },
  MQTT_URL: {
    kind: text,
    meaning: "An outside MQTT broker (mqtt:, mqtts:, ws: or wss:) for the market, in place of the embedded one.",
    secret: true,
  },
  MARKET_ADMIN_KEY: {
    kind: text,
    meaning: "The market's admin key; default the original's known key while open, made at first start while closed.",
    secret: true,
  },
  MARKET_JWT_SECRET: {
    kind: text,
    meaning: "Signs the market's wallet tokens; default derived from SECRET_KEY.",
    flags: ["jwt-secret"],
    secret: true,
  },
  MARKET_REQUIRE_FUNDS: {
    kind: toggle,
    default: "false",
    meaning: "Renting asks for the full cost in the consumer's account.",
  },
  MARKET_GUARD_CONTROL: {
    kind: toggle,
    default: "false",
    meaning: "Commands for workers ask for the admin or the owner, as they always do while closed.",
  },
  MARKET_MAX_WORKERS: {
    kind: integer(1, 1_000_000),
    default: "10000",
    meaning: "The most workers that may ever register with the market; more are refused with a reason.",
  },
  BLOCK_MARKER: {
    kind: text,
    meaning: "The text that marks a normal block; default XEN11.",
    flags: ["block-marker"],
  },
  CHAIN_DIFFICULTY: {
    kind: integer(1, 1_000_000_000),
    meaning: "The chain's difficulty at its first start.",
    flags: ["difficulty"],
  },
  CHAIN_ADJUST_INTERVAL: {
    kind: integer(1, 1_000_000),
    meaning: "Blocks between two adjustments of the difficulty.",
    flags: ["adjust-interval"],
  },
  CHAIN_XUNI_WINDOW: {
    kind: toggle,
    default: "false",
    meaning: "The chain takes XUNI blocks around the full hour only.",
    flags: ["chain-xuni-window"],
  },
  CHAIN_STRICT: {
    kind: toggle,
    default: "false",
    meaning: "The chain verifies the Argon2id proof of each block.",
    flags: ["chain-strict"],
  },
  CHAIN_MEMORY: {
    kind: toggle,
    default: "false",
    meaning: "The chain is forgotten at the end of the process.",
    flags: ["chain-memory"],
  },
  DATA_DIR: { kind: text, default: "./data", meaning: "Folder of everything that is kept.", flags: ["data-dir"] },
  BACKUP_DIR: {
    kind: text,
    default: "./backups",
    meaning: "Folder of the backups that the system page makes, outside of DATA_DIR.",
  },
  DATABASE_FILE: {
    kind: text,
    meaning: "Name of the database file, or its path inside the data folder; default foresight.db.",
    flags: ["db-path"],
  },
  DATABASE_URL: { kind: text, meaning: "A Postgres address; unset means SQLite in the data folder.", secret: true },
  DATABASE_POOL_SIZE: {
    kind: integer(1, 1000),
    default: "10",
    unit: "connections",
    meaning: "Postgres connections held open.",
    aliases: ["DB_POOL_SIZE"],
  },
  DATABASE_MAX_OVERFLOW: {
    kind: integer(0, 1000),
    default: "20",
    unit: "connections",
    meaning: "Further Postgres connections while those are busy.",
    aliases: ["DB_MAX_OVERFLOW"],
  },
  DATABASE_POOL_TIMEOUT: {
    kind: integer(1, 600),
    default: "30",
    unit: "s",
    meaning: "How long a query waits for a free Postgres connection before it is refused with 503.",
  },
  MIGRATE_ON_START: {
    kind: toggle,
    default: "false",
    meaning: "Runs pending migrations at start on Postgres too. SQLite always does.",
  },
  HISTORY_FILE: {
    kind: text,
    meaning: "A Filecoin history in a file, in place of the sample inside the program.",
    flags: ["history"],
  },
  HISTORY_FALLBACK: {
    kind: choice("none", "sample"),
    default: "none",
    meaning: "`sample` serves the sample, marked as such, while a first history is fetched; `none` answers 503.",
  },
  HISTORY_REANCHOR: {
    kind: toggle,
    default: "false",
    meaning: "Moves the dates of an outdated history so that it ends yesterday; its values then stand at wrong days.",
  },
  HISTORY_START_DATE: {
    kind: isoDate,
    default: "2025-01-01",
    meaning: "First day of a history that is fetched from Spacescope.",
  },
  SPACESCOPE_TOKEN: {
    kind: text,
    meaning: "The authorization that Spacescope asks for, `Bearer` included, or the path of a file as below.",
    secret: true,
  },
  SPACESCOPE_AUTH_FILE: {
    kind: text,
    default: ".spacescope_auth",
    meaning: 'A file {"auth_key": "Bearer ..."}, read where it exists and no token is set.',
  },
  SPACESCOPE_URL: {
    kind: httpUrl,
    default: "https://api.spacescope.io/v2",
    meaning: "Where the history is fetched from.",
  },
  FILECOIN_KNOWN_TRIM: {
    kind: choice("none", "server"),
    default: "none",
    meaning: "`server` cuts the known expirations twice, as the original server does.",
  },
  CORS_ORIGINS: {
    kind: list,
    meaning: "Origins that browsers may call from, comma separated; default any (*) while open, none while closed.",
    aliases: ["CORS_ALLOWED_ORIGINS"],
  },
  SECRET_KEY: { kind: text, meaning: "Signs tokens and links; made by `init` or at first start.", secret: true },
  WORKERS: {
    kind: integer(1, 256),
    meaning: "Threads that calculate; default the number of cores less one, at least one.",
    unit: "threads",
  },
  COMPUTE_MAX_WAIT_S: {
    kind: integer(1, 3600),
    default: "20",
    unit: "s",
    meaning: "Work that would wait longer than this is refused with 503 and Retry-After.",
  },
  MAX_BODY_BYTES: {
    kind: integer(1024, 1024 * MIB),
    default: String(16 * MIB),
    unit: "bytes",
    meaning: "The largest request body; more is answered with 413.",
  },
  IDLE_TIMEOUT_S: {
    kind: integer(5, 255),
    default: "120",
    unit: "s",
    meaning: "An HTTP connection that is silent this long is closed.",
  },
  DRAIN_TIMEOUT_S: {
    kind: integer(1, 60),
    default: "5",
    unit: "s",
    meaning: "At SIGTERM, how long running requests may take to end.",
  },
  LOG_LEVEL: {
    kind: choice("debug", "info", "warning", "error", "critical"),
    default: "info",
    meaning: "The least important line that is logged.",
  },
  LOG_FILE: { kind: text, meaning: "File to append the log to; default standard error." },
  ENVIRONMENT: {
    kind: choice("development", "production", "testing"),
    default: "development",
    meaning: "`testing` keeps the database in memory.",
    aliases: ["FLASK_ENV"],
  },
  RELOAD_TRIGGER: {
    kind: timeOfDay,
    default: "02:00",
    unit: "UTC",
    meaning: "When the Filecoin history is refreshed each day, if a Spacescope token is set.",
  },
  RELOAD_TEST_MODE: {
    kind: toggle,
    default: "false",
    meaning: "Refreshes the history every 120 seconds instead, to try the refresh out.",
  },
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

type Value<S extends Setting> = S extends { default: string } ? z.output<S["kind"]> : z.output<S["kind"]> | undefined;

/** The values in force; settings without a default may be undefined. */
export type Config = { readonly [Name in SettingName]: Value<(typeof settings)[Name]> };
