import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { exists, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../src/config/load";
import { systemClock } from "../../../src/platform/clock";
import { openDatabase, openDataFolder } from "../../../src/platform/database";
import type { Finding } from "../../../src/platform/doctor/check";
import { type DoctorOptions, runDoctor } from "../../../src/platform/doctor/run";
import { doctorText } from "../../../src/platform/doctor/text";
import { swiftShaderEnvironment } from "../../support/chromium";

setDefaultTimeout(30_000);

let base: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "foresight-doctor-"));
});

afterAll(() => rm(base, { recursive: true, force: true }));

const noon = Date.parse("2026-01-15T12:00:00Z");
const clock = { ...systemClock, now: () => noon };
const works: Finding = { outcome: "works", found: "all of it", advice: null, figures: {} };

function examine(flags: Record<string, string>, options: Partial<DoctorOptions> = {}) {
  const { values: config } = loadConfig({
    flags: { "data-dir": join(base, "none"), port: "0", "mqtt-port": "0", ...flags },
  });
  return runDoctor({ config, clock, checks: [{ name: "a system's", run: () => works }], ...options });
}

async function findings(flags: Record<string, string> = {}, options: Partial<DoctorOptions> = {}) {
  const report = await examine(flags, options);
  const byName = Object.fromEntries(report.checks.map(({ name, ...finding }) => [name, finding as Finding]));
  return { ...report, byName };
}

function faulty(fault: string): Partial<DoctorOptions> {
  const command = () => [process.execPath, join(import.meta.dir, "child.fixture.ts"), fault];
  return { probing: { command } };
}

test("a machine where everything that is needed works is well, without a trace of the examination", async () => {
  const dataDir = join(base, "later/data");
  const probing = {
    environment: { ...process.env, VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" },
  };
  const { ok, byName, platform } = await findings({ "data-dir": dataDir }, { probing });
  expect(platform).toBe(`${process.platform} ${process.arch}`);
  expect(byName["database"]).toMatchObject({ outcome: "works", found: expect.stringContaining("first start") });
  expect(byName["fsync"]!.figures["fsyncMs"]).toBeGreaterThan(0);
  expect(byName["disk"]!.figures["freeBytes"]).toBeGreaterThan(0);
  expect(byName["memory"]!.figures["freeBytes"]).toBeGreaterThan(0);
  expect(byName["open files"]!.figures["limit"]).toBeGreaterThan(100);
  expect(byName["ports"]).toMatchObject({ outcome: "works", found: "any free ones" });
  expect(byName["GPU"]).toMatchObject({ outcome: "missing", advice: null });
  expect(byName["inference"]).toMatchObject({ outcome: "works", found: expect.stringContaining("onnxruntime") });
  expect(byName["a system's"]).toEqual(works);
  expect(ok).toBe(true);
  expect(await exists(join(base, "later"))).toBe(false);
});

test("a GPU, be it in software, is named after it ran a kernel", async () => {
  const environment = { ...process.env, ...(await swiftShaderEnvironment()) };
  const { byName } = await findings({}, { probing: { environment } });
  expect(byName["GPU"]!.outcome).toBe("works");
  expect(byName["GPU"]!.found).toMatch(/^SwiftShader.*; a kernel gave 1000 of 1000 values right in \d+ ms$/);
});

describe("a native part at fault", () => {
  test("that computes wrongly fails", async () => {
    const { ok, byName } = await findings({}, faulty("wrong"));
    expect(ok).toBe(false);
    expect(byName["GPU"]).toMatchObject({ outcome: "fails", found: expect.stringContaining("9 of 10 values right") });
    expect(byName["inference"]).toMatchObject({
      outcome: "fails",
      found: expect.stringContaining("right within 1e-2"),
    });
  });

  test("that crashes fails, with what it said", async () => {
    const { ok, byName } = await findings({}, faulty("crash"));
    expect(ok).toBe(false);
    expect(byName["inference"]).toMatchObject({
      outcome: "fails",
      found: "The inference process crashed over this request and is started anew. Try again.",
      advice: "It said: undefined symbol: OrtGetApiBase",
    });
  });

  test("that crashes on its way out fails, though it answered", async () => {
    const { ok, byName } = await findings({}, faulty("crashAtEnd"));
    expect(ok).toBe(false);
    expect(byName["GPU"]).toMatchObject({
      outcome: "fails",
      found: expect.stringMatching(/10 of 10 values right in 1 ms; it crashed at its end$/),
      advice: "It said: free(): invalid pointer",
    });
  });
});

describe("the database", () => {
  test("is examined while a server has it open", async () => {
    const dataDir = join(base, "served");
    const folder = openDataFolder(dataDir);
    const database = await openDatabase({ folder, version: "0", clock, onSamplesError: () => undefined });
    try {
      const { byName } = await findings({ "data-dir": dataDir }, faulty("none"));
      expect(byName["database"]).toMatchObject({
        outcome: "works",
        figures: { revision: expect.stringMatching(/^\d{4}_/) },
      });
    } finally {
      await database.close();
      folder.release();
    }
  });

  test("of a newer version fails with what to do", async () => {
    const dataDir = join(base, "newer");
    await mkdir(dataDir);
    const database = new Database(join(dataDir, "own.db"));
    database.run("CREATE TABLE migrations (name TEXT, applied_at INTEGER)");
    database.run("INSERT INTO migrations VALUES ('9999_future', 1)");
    database.close();
    const { ok, byName } = await findings({ "data-dir": dataDir, "db-path": "own.db" }, faulty("none"));
    expect(ok).toBe(false);
    expect(byName["database"]).toMatchObject({
      outcome: "fails",
      found: expect.stringContaining("revision 9999_future"),
      advice: expect.stringContaining("newer version"),
    });
  });

  test("in a folder that cannot be made fails with the system's words", async () => {
    await Bun.write(join(base, "file"), "");
    const { ok, byName } = await findings({ "data-dir": join(base, "file/data") }, faulty("none"));
    expect(ok).toBe(false);
    expect(byName["database"]).toMatchObject({ outcome: "fails", found: expect.stringContaining("file") });
  });
});

describe("the ports", () => {
  test("held by another program fail and name the setting", async () => {
    using other = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
    const { ok, byName } = await findings({ "mqtt-port": String(other.port) }, faulty("none"));
    expect(ok).toBe(false);
    expect(byName["ports"]).toEqual({
      outcome: "fails",
      found: `MQTT_PORT ${other.port} in use by another program`,
      advice: "Stop what holds it, or set another MQTT_PORT.",
      figures: { MQTT_PORT: "taken" },
    });
  });

  test("served by a running Foresight are well", async () => {
    using running = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => Response.json({ name: "Foresight" }) });
    const { byName } = await findings({ port: String(running.port) }, faulty("none"));
    expect(byName["ports"]).toMatchObject({
      outcome: "works",
      found: `PORT ${running.port} served by a running Foresight`,
    });
  });

  test("that are free are told to be", async () => {
    const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
    const { port } = probe;
    probe.stop(true);
    const { byName } = await findings({ port: String(port) }, faulty("none"));
    expect(byName["ports"]).toMatchObject({ outcome: "works", found: `PORT ${port} free` });
  });
});

test("a system's check that throws has failed, with what it threw", async () => {
  const run = () => {
    throw new Error("start_date: expected a date, got 7");
  };
  const { ok, byName } = await findings({}, { ...faulty("none"), checks: [{ name: "its own", run }] });
  expect(ok).toBe(false);
  expect(byName["its own"]).toMatchObject({ outcome: "fails", found: "start_date: expected a date, got 7" });
});

test("the page of text has a line for each check, its advice below, and colours only where asked for", () => {
  const works = { outcome: "works" as const, advice: null, figures: {} };
  const checks = [
    { name: "disk", ...works, found: "2.0 GB free" },
    { name: "open files", ...works, outcome: "limited" as const, found: "at most 300", advice: "Raise it." },
    { name: "ports", ...works, outcome: "fails" as const, found: "PORT 1 taken" },
  ];
  const report = { version: "1.2.3", build: "abc1234", platform: "linux x64", ok: false, checks };
  expect(doctorText(report, "plain")).toBe(`Foresight 1.2.3 (abc1234) on linux x64

works    disk        2.0 GB free
limited  open files  at most 300
                     Raise it.
fails    ports       PORT 1 taken

1 of 3 checks failed.
`);
  expect(doctorText(report, "coloured")).toContain("\x1b[31mfails    \x1b[0m");
  expect(Bun.stripANSI(doctorText(report, "coloured"))).toBe(doctorText(report, "plain"));
});
