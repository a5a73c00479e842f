import { Database } from "bun:sqlite";

/** Rises with every change of the tables below; an older file is brought up to it, a newer one refused. */
const SCHEMA_VERSION = 1;

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

/** `normal` survives the end of the process at any moment; `full` a power loss too, for an fsync at each commit. */
export type Durability = "normal" | "full";

/**
 * Opens the broker's database file, and makes its tables where it is new. Throws where it is of a newer version, or is
 * no database.
 */
export function openDatabase(path: string, durability: Durability): Database {
  const database = new Database(path, { create: true, strict: true });
  database.run("PRAGMA journal_mode = WAL");
  database.run(`PRAGMA synchronous = ${durability}`);
  database.run("PRAGMA busy_timeout = 5000");
  const { user_version: version } = database.query("PRAGMA user_version").get() as { user_version: number };
  if (version > SCHEMA_VERSION) {
    database.close();
    throw new Error(`${path} is of version ${version}, which is newer than ${SCHEMA_VERSION}, the one known here`);
  }
  if (version === 0) database.run(`BEGIN; ${TABLES} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  return database;
}
