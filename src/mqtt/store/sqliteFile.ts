import { Database } from "bun:sqlite";

const TABLES = `
  CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    username TEXT,
    address TEXT NOT NULL,
    expiry_seconds INTEGER NOT NULL,
    ends_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE subscription (
    session_id INTEGER NOT NULL,
    filter TEXT NOT NULL,
    qos INTEGER NOT NULL,
    no_local INTEGER NOT NULL,
    retain_as_published INTEGER NOT NULL,
    retain_handling INTEGER NOT NULL,
    identifiers TEXT NOT NULL,
    PRIMARY KEY (session_id, filter)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    qos INTEGER NOT NULL,
    retain INTEGER NOT NULL,
    payload BLOB NOT NULL,
    properties BLOB NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    publisher_id TEXT NOT NULL,
    publisher_username TEXT
  ) STRICT;
  CREATE TABLE queued (
    session_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    qos INTEGER NOT NULL,
    retain INTEGER NOT NULL,
    identifiers TEXT NOT NULL,
    packet_id INTEGER NOT NULL,
    is_released INTEGER NOT NULL,
    PRIMARY KEY (session_id, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE inbound (
    session_id INTEGER NOT NULL,
    packet_id INTEGER NOT NULL,
    PRIMARY KEY (session_id, packet_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE retained (
    topic TEXT NOT NULL PRIMARY KEY,
    qos INTEGER NOT NULL,
    payload BLOB NOT NULL,
    properties BLOB NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    publisher_id TEXT NOT NULL,
    publisher_username TEXT
  ) STRICT, WITHOUT ROWID;
`;

const WILLS_AND_WORK = `
  ALTER TABLE inbound ADD COLUMN is_finished INTEGER NOT NULL DEFAULT 1;
  CREATE TABLE will (
    session_id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    qos INTEGER NOT NULL,
    retain INTEGER NOT NULL,
    payload BLOB NOT NULL,
    properties BLOB NOT NULL,
    delay_seconds INTEGER NOT NULL,
    expiry_seconds INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
`;

/** Old rows of messages have no receivers: their queues name them, as before. */
const RECEIVERS = `
  ALTER TABLE message ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE message ADD COLUMN receivers BLOB NOT NULL DEFAULT x'';
  CREATE TABLE outgoing (
    session_id INTEGER PRIMARY KEY,
    taken_to INTEGER NOT NULL,
    inflight BLOB NOT NULL
  ) STRICT;
`;

const BROKER_TIME = `
  CREATE TABLE moment (
    id INTEGER PRIMARY KEY,
    broker_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL
  ) STRICT;
`;

/** What makes each version out of the one before; only ever added to. A newer file than these know is refused. */
const VERSIONS = [TABLES, WILLS_AND_WORK, RECEIVERS, BROKER_TIME];

/** `normal` survives the end of the process at any moment; `full` a power loss too, for an fsync at each commit. */
export type Durability = "normal" | "full";

/**
 * Opens the broker's database file, and brings its tables up to the version known here. Throws where it is of a newer version, or is
 * no database.
 */
export function openDatabase(path: string, durability: Durability): Database {
  const database = new Database(path, { create: true, strict: true });
  database.run("PRAGMA journal_mode = WAL");
  database.run(`PRAGMA synchronous = ${durability}`);
  database.run("PRAGMA busy_timeout = 5000");
  const { user_version: version } = database.query("PRAGMA user_version").get() as { user_version: number };
  if (version > VERSIONS.length) {
    database.close();
    throw new Error(`${path} is of version ${version}, which is newer than ${VERSIONS.length}, the one known here`);
  }
  const missing = VERSIONS.slice(version).join("");
  if (missing !== "") database.run(`BEGIN; ${missing} PRAGMA user_version = ${VERSIONS.length}; COMMIT`);
  return database;
}
