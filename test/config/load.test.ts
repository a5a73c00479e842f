import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { envExample } from "../../src/config/envExample";
import { loadConfig, settingEntries, settingText } from "../../src/config/load";
import type { Settings } from "../../src/config/setting";
import { UsageError } from "../../src/platform/errors";

const source = join(import.meta.dir, "../../src/config");

describe("settings", () => {
  test("a flag wins over the environment, that over the file, that over the default", () => {
    const port = (sources: Parameters<typeof loadConfig>[0]) => {
      const { values, origins } = loadConfig(sources);
      return [values.PORT, origins.PORT.from, origins.PORT.name];
    };
    const [flags, environment, file] = [{ "api-port": "1" }, { PORT: "2" }, { API_PORT: "3" }];
    expect(port({ flags, environment, file })).toEqual([1, "flag", "api-port"]);
    expect(port({ environment, file })).toEqual([2, "environment", "PORT"]);
    expect(port({ file })).toEqual([3, "file", "API_PORT"]);
    expect(port({})).toEqual([8080, "default", "PORT"]);
  });

  test("each value is told as one would write it", () => {
    const { values } = loadConfig({});
    for (const [name, setting] of settingEntries) {
      if (values[name] === undefined) continue;
      expect(setting.kind.parse(settingText(setting, values[name])), name).toEqual(values[name]);
    }
    const { FILECOIN_RELOAD_TRIGGER } = loadConfig({ environment: { RELOAD_TRIGGER: "23:05" } }).values;
    const trigger = settingEntries.find(([name]) => name === "FILECOIN_RELOAD_TRIGGER")![1];
    expect(settingText(trigger, FILECOIN_RELOAD_TRIGGER)).toBe("23:05");
  });

  test("an alias counts only where the own name is unset", () => {
    expect(loadConfig({ environment: { API_PORT: "5", PORT: "6" } }).values.PORT).toBe(6);
    expect(loadConfig({ environment: { API_PORT: "5", PORT: "" } }).values.PORT).toBe(5);
  });

  test.each([
    ["PORT", "70000", "a whole number from 0 to 65535"],
    ["PORT", "80.5", "a whole number"],
    ["PORT", " ", "a whole number"],
    ["OPEN", "perhaps", "true or false"],
    ["LOG_LEVEL", "loud", "one of debug, info"],
    ["FILECOIN_RELOAD_TRIGGER", "25:00", "a time of day"],
    ["FILECOIN_HISTORY_START_DATE", "2025-02-30", "a date such as 2025-01-01"],
    ["SPACESCOPE_URL", "ftp://x", "an http or https address"],
    ["SPACESCOPE_URL", "https://x/?key=1", "without user, query or fragment"],
  ])("%s=%p is refused, saying what was expected and what came", (name, value, expected) => {
    const load = () => loadConfig({ environment: { [name]: value } });
    expect(load).toThrow(UsageError);
    expect(load).toThrow(expected);
    expect(load).toThrow(name);
  });

  test("a debug switch of the originals raises the log level, unless it was set", () => {
    expect(loadConfig({ environment: { FLASK_DEBUG: "true" } }).values.LOG_LEVEL).toBe("debug");
    expect(loadConfig({ environment: { DEBUG: "1", LOG_LEVEL: "error" } }).values.LOG_LEVEL).toBe("error");
  });

  test.each([
    ["a path alone", { "db-path": "/srv/x.db" }, {}, "/srv/x.db", "/srv/x.db-data", "flag"],
    ["a bare name alone", { "db-path": "x.db" }, {}, resolve("x.db"), `${resolve("x.db")}-data`, "flag"],
    ["a path beside a folder", { "db-path": "/srv/x.db", "data-dir": "/kept" }, {}, "/srv/x.db", "/kept", "flag"],
    ["a bare name beside a folder", { "db-path": "x.db", "data-dir": "/kept" }, {}, "x.db", "/kept", "flag"],
    ["a folder of the environment", { "db-path": "x.db" }, { DATA_DIR: "/kept" }, "x.db", "/kept", "environment"],
    ["a file of the environment", {}, { DATABASE_FILE: "/a.db" }, "/a.db", "/a.db-data", "environment"],
    ["neither", {}, {}, "foresight.db", "./data", "default"],
  ] as const)("the database's file and the folder of all else: %s", (_, flags, environment, file, folder, from) => {
    const { values, origins } = loadConfig({ flags, environment });
    expect([values.DATABASE_FILE, values.DATA_DIR, origins.DATA_DIR.from]).toEqual([file, folder, from]);
  });

  test("what was called otherwise once is still read by its old name", () => {
    const { values } = loadConfig({ environment: { HISTORY_FILE: "h.json", RELOAD_TRIGGER: "03:00" } });
    expect([values.FILECOIN_HISTORY_FILE, values.FILECOIN_RELOAD_TRIGGER]).toEqual(["h.json", 180]);
  });

  test("no two settings share a name, an alias or a flag, and no two files a setting", async () => {
    const files = readdirSync(join(source, "settings"));
    const tables = await Promise.all(files.map((file) => import(join(source, "settings", file))));
    const names = tables.flatMap((table) => Object.values(table as Record<string, Settings>)).flatMap(Object.keys);
    expect(names.toSorted()).toEqual(settingEntries.map(([name]) => name).toSorted());
    const variables = settingEntries.flatMap(([name, { aliases = [] }]) => [name, ...aliases]);
    const flags = settingEntries.flatMap(([, { flags: own = [] }]) => own);
    for (const list of [variables, flags]) expect(list.filter((name, i) => list.indexOf(name) !== i)).toEqual([]);
  });

  test(".env.example is what the table of settings says", () => {
    expect(readFileSync(join(import.meta.dir, "../../.env.example"), "utf8")).toBe(envExample());
  });
});
