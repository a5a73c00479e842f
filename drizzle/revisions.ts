import postgres0001Down from "./postgres/0001_installation.down.sql" with { type: "text" };
import postgres0001 from "./postgres/0001_installation.sql" with { type: "text" };
import postgres0005Adopt from "./postgres/0005_jobs.adopt.sql" with { type: "text" };
import postgres0005Down from "./postgres/0005_jobs.down.sql" with { type: "text" };
import postgres0005 from "./postgres/0005_jobs.sql" with { type: "text" };
import postgres0006Adopt from "./postgres/0006_epistemix.adopt.sql" with { type: "text" };
import postgres0006Down from "./postgres/0006_epistemix.down.sql" with { type: "text" };
import postgres0006 from "./postgres/0006_epistemix.sql" with { type: "text" };
import postgres0007Down from "./postgres/0007_forecasting.down.sql" with { type: "text" };
import postgres0007 from "./postgres/0007_forecasting.sql" with { type: "text" };
import samples0001Down from "./samples/0001_market.down.sql" with { type: "text" };
import samples0001 from "./samples/0001_market.sql" with { type: "text" };
import sqlite0001Down from "./sqlite/0001_installation.down.sql" with { type: "text" };
import sqlite0001 from "./sqlite/0001_installation.sql" with { type: "text" };
import sqlite0002Down from "./sqlite/0002_market.down.sql" with { type: "text" };
import sqlite0002 from "./sqlite/0002_market.sql" with { type: "text" };
import sqlite0003Down from "./sqlite/0003_chain.down.sql" with { type: "text" };
import sqlite0003 from "./sqlite/0003_chain.sql" with { type: "text" };
import sqlite0004Down from "./sqlite/0004_market_totals.down.sql" with { type: "text" };
import sqlite0004 from "./sqlite/0004_market_totals.sql" with { type: "text" };
import sqlite0005Down from "./sqlite/0005_jobs.down.sql" with { type: "text" };
import sqlite0005 from "./sqlite/0005_jobs.sql" with { type: "text" };
import sqlite0006Adopt from "./sqlite/0006_epistemix.adopt.sql" with { type: "text" };
import sqlite0006Down from "./sqlite/0006_epistemix.down.sql" with { type: "text" };
import sqlite0006 from "./sqlite/0006_epistemix.sql" with { type: "text" };
import sqlite0007Down from "./sqlite/0007_forecasting.down.sql" with { type: "text" };
import sqlite0007 from "./sqlite/0007_forecasting.sql" with { type: "text" };
import sqlite0008Down from "./sqlite/0008_market_proof.down.sql" with { type: "text" };
import sqlite0008 from "./sqlite/0008_market_proof.sql" with { type: "text" };
import sqlite0009Down from "./sqlite/0009_market_leases.down.sql" with { type: "text" };
import sqlite0009 from "./sqlite/0009_market_leases.sql" with { type: "text" };

/** One step of a database's history: SQL that takes it up, and SQL that takes it down again. */
export interface Revision {
  /** Four digits and a word or two, such as `0001_installation`; the order is that of the names. */
  name: string;
  up: string;
  down: string;
  adoption?: Adoption;
}

/**
 * Tables that another program made under the names of a revision's own. Where all of them are there before it is
 * applied, they are moved into the schema `original` (on SQLite they are called `original_NAME`), and `rows` brings their
 * rows over after `up`.
 */
export interface Adoption {
  tables: readonly string[];
  rows: string;
}

/**
 * Every revision, oldest first, as text inside the program. A revision that was released is never changed: later ones
 * mend it. Revisions of systems that run on SQLite alone have no file for Postgres; numbers are shared by both.
 */
export const sqliteRevisions: readonly Revision[] = [
  { name: "0001_installation", up: sqlite0001, down: sqlite0001Down },
  { name: "0002_market", up: sqlite0002, down: sqlite0002Down },
  { name: "0003_chain", up: sqlite0003, down: sqlite0003Down },
  { name: "0004_market_totals", up: sqlite0004, down: sqlite0004Down },
  { name: "0005_jobs", up: sqlite0005, down: sqlite0005Down },
  {
    name: "0006_epistemix",
    up: sqlite0006,
    down: sqlite0006Down,
    adoption: { tables: ["jobs", "runs"], rows: sqlite0006Adopt },
  },
  { name: "0007_forecasting", up: sqlite0007, down: sqlite0007Down },
  { name: "0008_market_proof", up: sqlite0008, down: sqlite0008Down },
  { name: "0009_market_leases", up: sqlite0009, down: sqlite0009Down },
];

export const postgresRevisions: readonly Revision[] = [
  { name: "0001_installation", up: postgres0001, down: postgres0001Down },
  {
    name: "0005_jobs",
    up: postgres0005,
    down: postgres0005Down,
    adoption: { tables: ["users", "simulation_jobs", "reports"], rows: postgres0005Adopt },
  },
  {
    name: "0006_epistemix",
    up: postgres0006,
    down: postgres0006Down,
    adoption: { tables: ["jobs", "runs"], rows: postgres0006Adopt },
  },
  { name: "0007_forecasting", up: postgres0007, down: postgres0007Down },
];

/** The file of what may be lost has a history of its own, from `drizzle/samples`. */
export const samplesRevisions: readonly Revision[] = [{ name: "0001_market", up: samples0001, down: samples0001Down }];
