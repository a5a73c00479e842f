import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { messageOf, UsageError } from "../platform/errors";
import { databaseUrlOf, readDatabaseUrl } from "./databaseUrl";
import type { Setting } from "./setting";
import { type Config, type SettingName, settings } from "./settings";

/** Where a value came from; `name` is the flag, variable or alias as it was written. */
export interface Origin {
  from: "flag" | "environment" | "file" | "default";
  name: string;
}

export interface LoadedConfig {
  values: Config;
  origins: Record<SettingName, Origin>;
}

export interface ConfigSources {
  /** Flags without dashes, as text; absent ones are left out. */
  flags?: Record<string, string | undefined>;
  environment?: Record<string, string | undefined>;
  /** Variables of the `.env` file. */
  file?: Record<string, string | undefined>;
}

export const settingEntries = Object.entries(settings) as [SettingName, Setting][];

/** The value of a setting as one would write it. */
export function settingText({ write }: Setting, value: unknown): string {
  return write === undefined ? String(value) : write(value as never);
}

const RAISED_BY = ["FLASK_DEBUG", "DEBUG"];

/**
 * The settings in force: flags before environment before `.env` file before defaults; within one source the own name
 * before its aliases.
 * @throws UsageError that names the setting, where it was set, what was expected and, unless secret, what came.
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const [name, setting] of settingEntries) {
    const found = findText(name, setting, sources);
    origins[name] = found?.origin ?? { from: "default", name };
    values[name] = found === undefined ? undefined : parseSetting(setting, found);
  }
  placeDatabase(values, origins);
  placeBesideDatabase(values, origins);
  const debugBy = RAISED_BY.find((name) => isRaised(sources.environment?.[name] ?? sources.file?.[name]));
  if (debugBy !== undefined && origins["LOG_LEVEL"]?.from === "default") {
    values["LOG_LEVEL"] = "debug";
    origins["LOG_LEVEL"] = { from: "environment", name: debugBy };
  }
  return { values: values as Config, origins: origins as Record<SettingName, Origin> };
}

const PARTS = ["DATABASE_USER", "DATABASE_PASSWORD", "DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME"] as const;

/**
 * One address from whichever form it was given in. An address of a file is the setting of the file.
 * @throws UsageError for a form that is none, and where only some of the parts are set.
 */
function placeDatabase(values: Record<string, unknown>, origins: Record<string, Origin>): void {
  const written = values["DATABASE_URL"] === undefined ? partsOf(values) : String(values["DATABASE_URL"]);
  if (written === undefined) return;
  if (values["DATABASE_URL"] === undefined) origins["DATABASE_URL"] = origins["DATABASE_HOST"]!;
  const place = readDatabaseUrl(written);
  values["DATABASE_URL"] = "url" in place ? place.url : undefined;
  if ("url" in place || origins["DATABASE_FILE"]?.from === "flag") return;
  // A path, since a bare name would lie in the data folder.
  values["DATABASE_FILE"] = resolve(place.file);
  origins["DATABASE_FILE"] = origins["DATABASE_URL"]!;
}

function partsOf(values: Record<string, unknown>): string | undefined {
  const [user, password, host, port, name] = PARTS.map((part) => values[part]);
  const missing = PARTS.filter((part) => values[part] === undefined);
  if (missing.length === PARTS.length) return undefined;
  if (missing.length > 0) throw new UsageError(`${missing.join(", ")}: needed beside the other parts of the address.`);
  return databaseUrlOf({
    user: String(user),
    password: String(password),
    host: String(host),
    port: String(port),
    name: String(name),
  });
}

/** A database file that is named alone brings the data folder with it: its own path with `-data` behind. */
function placeBesideDatabase(values: Record<string, unknown>, origins: Record<string, Origin>): void {
  const { DATA_DIR: folder, DATABASE_FILE: file } = origins;
  if (file?.from === "default" || folder?.from !== "default") return;
  const path = resolve(String(values["DATABASE_FILE"]));
  values["DATABASE_FILE"] = path;
  values["DATA_DIR"] = `${path}-data`;
  origins["DATA_DIR"] = file!;
}

/**
 * The variables of a `.env` file, or none where there is no such file.
 * @throws UsageError when the file is there and cannot be read.
 */
export function readEnvFile(path: string): Record<string, string | undefined> {
  if (!existsSync(path)) return {};
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`${path} cannot be read as an environment file: ${messageOf(error)}`);
  }
}

interface SettingText {
  text: string;
  origin: Origin;
}

function findText(name: string, setting: Setting, sources: ConfigSources): SettingText | undefined {
  const variables = [name, ...(setting.aliases ?? [])];
  const places: [Origin["from"], string[], Record<string, string | undefined> | undefined][] = [
    ["flag", setting.flags ?? [], sources.flags],
    ["environment", variables, sources.environment],
    ["file", variables, sources.file],
  ];
  for (const [from, names, source] of places) {
    for (const candidate of names) {
      const value = source?.[candidate];
      if (value !== undefined && value !== "") return { text: value, origin: { from, name: candidate } };
    }
  }
  if (setting.default === undefined) return undefined;
  return { text: setting.default, origin: { from: "default", name } };
}

function parseSetting(setting: Setting, found: SettingText): unknown {
  const parsed = setting.kind.safeParse(found.text);
  if (parsed.success) return parsed.data;
  const expected = parsed.error.issues[0]?.message ?? "expected another value";
  const got = setting.secret ? "a value that is not shown" : JSON.stringify(found.text);
  const place = found.origin.from === "flag" ? `--${found.origin.name}` : found.origin.name;
  throw new UsageError(`${place}: ${expected}, got ${got}`);
}

function isRaised(value: string | undefined): boolean {
  return value === "1" || value?.toLowerCase() === "true";
}
