import { Database } from "bun:sqlite";
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "../../src/mqtt/index";
import { openDatabase } from "../../src/mqtt/store/sqliteFile";
import versionOne from "./fixtures/brokerFileV1.sql" with { type: "text" };
import { startBroker } from "./support/broker";
import { rawConnected } from "./support/raw";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A file made by these statements. */
function fileOf(sql: string): string {
  const folder = mkdtempSync(join(tmpdir(), "mqtt-"));
  folders.push(folder);
  const path = join(folder, "mqtt.db");
  const database = new Database(path, { create: true });
  database.run(sql);
  database.close();
  return path;
}

test("a file of the first version is brought up to date and loses nothing", async () => {
  const path = fileOf(versionOne);
  const { port, broker } = startBroker({ store: sqliteStore(path) });
  expect(broker.retained("#", 10).map(({ topic }) => topic)).toEqual(["state"]);
  const sleeper = await rawConnected(port, { clientId: "sleeper", clean: false });
  expect(await sleeper.next("publish")).toMatchObject({ topic: "night/one", qos: 1, messageId: 5, dup: true });
  expect(await sleeper.next("publish")).toMatchObject({ topic: "night/two", qos: 2, dup: false });
  // The QoS 2 message that it had begun to send is known: it is confirmed and not published a second time.
  sleeper.send({ cmd: "publish", topic: "night/three", payload: "3", qos: 2, messageId: 9, dup: true, retain: false });
  expect(await sleeper.next("pubrec")).toMatchObject({ messageId: 9 });
  sleeper.send({ cmd: "pingreq" });
  await sleeper.next("pingresp");
  expect(sleeper.packets).toEqual([]);
});

test("a file of a version that is not known here is refused and left as it is", () => {
  const path = fileOf("CREATE TABLE future (id INTEGER) STRICT; PRAGMA user_version = 99");
  expect(() => sqliteStore(path)).toThrow("is of version 99, which is newer than 4");
  const database = new Database(path);
  expect(database.query("SELECT name FROM sqlite_schema").values()).toEqual([["future"]]);
  database.close();
});

test.each([
  ["normal", 1],
  ["full", 2],
] as const)("a commit of a file that is opened as %s waits for the disk as SQLite calls %d", (durability, expected) => {
  const database = openDatabase(fileOf("SELECT 1"), durability);
  expect(database.query("PRAGMA synchronous").values()).toEqual([[expected]]);
  database.close();
});
