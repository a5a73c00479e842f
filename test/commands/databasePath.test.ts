import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run, scratchFolder, serve } from "../support/program";
import { writeOriginal } from "../systems/market/original/originalFile";

setDefaultTimeout(30_000);

const scratch = scratchFolder();
afterAll(() => rmSync(scratch, { recursive: true }));

const MARKET = ["--only", "market,chain,mqtt"];
const json = async (url: string, init?: RequestInit) => (await fetch(url, init)).json();
const register = (url: string, account_id: string) =>
  json(`${url}/api/auth/register`, { method: "POST", body: JSON.stringify({ account_id, role: "consumer" }) });

test("--db-path alone starts, and keeps all else in a folder beside the file", async () => {
  const file = join(scratch, "made", "on-demand", "x.db");
  const first = await serve([...MARKET, "--db-path", file], { cwd: scratch });
  expect(await register(first.url, "lasting")).toMatchObject({ account_id: "lasting" });
  expect(await first.stop("SIGKILL")).toBe(137);
  const kept = readdirSync(`${file}-data`);
  for (const name of ["samples.db", "mqtt.db", "secrets.env", "foresight.lock"]) expect(kept).toContain(name);
  expect(kept).not.toContain("foresight.db");
  expect(existsSync(join(scratch, "data"))).toBe(false);

  const second = await serve([...MARKET, "--db-path", file], { cwd: scratch });
  expect(await json(`${second.url}/api/accounts`)).toHaveProperty("lasting");
  const { dataDir, files } = await json(`${second.url}/api/system/storage`);
  expect(dataDir).toBe(`${file}-data`);
  expect(files).toContainEqual({ name: file, bytes: expect.any(Number), meaning: "the database: what must last" });
  const settings: { name: string }[] = await json(`${second.url}/api/system/settings`);
  expect(settings.find(({ name }) => name === "DATA_DIR")).toMatchObject({ value: `${file}-data`, origin: "flag" });
  expect(await second.stop()).toBe(0);
});

test("two processes never share the file, by its folder, by another or by that of its name", async () => {
  const folder = join(scratch, "shared");
  mkdirSync(folder);
  const file = join(folder, "foresight.db");
  const holder = await serve([...MARKET, "--db-path", file], { cwd: scratch });
  const other = (...args: string[]) => run(["serve", "--port", "0", "--mqtt-port", "0", ...args], { cwd: scratch });
  const same = await other("--db-path", file);
  expect([same.code, same.err]).toEqual([2, expect.stringContaining(`is in use by process ${holder.pid}`)]);
  for (const args of [
    ["--data-dir", join(scratch, "another"), "--db-path", file],
    ["--data-dir", folder],
  ]) {
    const { code, err } = await other(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(`The database file ${file} is in use`)]);
  }
  expect(await holder.stop()).toBe(0);
});

test("the page's backup of such a file is restored beside another", async () => {
  const file = join(scratch, "backed-up.db");
  const backups = join(scratch, "backups");
  const served = await serve([...MARKET, "--db-path", file], { cwd: scratch, env: { BACKUP_DIR: backups } });
  await register(served.url, "saved");
  const { name } = await json(`${served.url}/api/system/backup`, { method: "POST" });
  expect(await served.stop()).toBe(0);
  const copy = join(scratch, "restored.db");
  const restored = await run(["restore", "--from", join(backups, name), "--db-path", copy], { cwd: scratch });
  expect(restored).toMatchObject({ code: 0, err: "" });
  const again = await serve([...MARKET, "--db-path", copy], { cwd: scratch });
  expect(await json(`${again.url}/api/accounts`)).toHaveProperty("saved");
  expect(await again.stop()).toBe(0);
});

test("a database of the original is taken over where it lies, called as its scripts call it", async () => {
  mkdirSync(join(scratch, "data"));
  writeOriginal(join(scratch, "data", "marketplace.db"));
  const args = ["--mqtt-port", "0", "--api-port", "0", "--db-path", "data/marketplace.db"];
  const served = await serve([...MARKET, ...args], { cwd: scratch });
  expect(await json(`${served.url}/api/accounts`)).toHaveProperty("w1");
  expect(await served.stop()).toBe(0);
  // This process may still hold the original's log open.
  const names = readdirSync(join(scratch, "data")).filter((name) => !/-(wal|shm)$/.test(name));
  expect(names.sort()).toEqual([
    "marketplace.db",
    "marketplace.db-data",
    "marketplace.db.lock",
    "marketplace.db.original",
  ]);
});
