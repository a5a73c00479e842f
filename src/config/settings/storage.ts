import { choiceOf, integer, text, toggle } from "../kinds";
import type { Settings } from "../setting";

/** Where everything is kept that must last. */
export const storageSettings = {
  DATA_DIR: { kind: text, default: "./data", meaning: "Folder of everything that is kept.", flags: ["data-dir"] },
  BACKUP_DIR: {
    kind: text,
    default: "./backups",
    meaning: "Folder of the backups that the system page makes, outside of DATA_DIR.",
  },
  DATABASE_FILE: {
    kind: text,
    default: "foresight.db",
    meaning:
      "The database file, anywhere. Named alone, all else that is kept goes to FILE-data/ beside it; beside a DATA_DIR that is set, a bare name lies in that folder.",
    flags: ["db-path"],
  },
  DATABASE_URL: {
    kind: text,
    meaning: "A Postgres address, or sqlite:///FILE, which names DATABASE_FILE; unset means SQLite in the data folder.",
    secret: true,
  },
  DATABASE_HOST: {
    kind: text,
    meaning: "Host of Postgres; with the four parts that follow it stands in for an unset DATABASE_URL.",
  },
  DATABASE_PORT: { kind: integer(1, 65_535), meaning: "Port of Postgres." },
  DATABASE_NAME: { kind: text, meaning: "Database on that server." },
  DATABASE_USER: { kind: text, meaning: "User of that database." },
  DATABASE_PASSWORD: { kind: text, meaning: "Password of that user.", secret: true },
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
  ENVIRONMENT: {
    kind: choiceOf(["development", "staging", "production", "testing"], { dev: "development", prod: "production" }),
    default: "development",
    meaning: "`testing` keeps the database in memory.",
    aliases: ["FLASK_ENV"],
  },
} satisfies Settings;
