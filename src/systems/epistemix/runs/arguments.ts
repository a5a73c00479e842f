import type { RunOptions } from "../fred";
import type { RunRequest } from "../schema/requests";

/** A fault of a run's configuration: which argument, and what is wrong with it. */
export interface ConfigurationFault {
  key: string;
  error: string;
}

/** What a request asks the engine for. */
export interface RunArguments {
  options: RunOptions;
  /** The file that is run. */
  main: string;
  faults: readonly ConfigurationFault[];
}

type Arguments = Pick<RunRequest, "fredArgs" | "fredVersion" | "population">;

const MAX_SEED = 2n ** 64n - 1n;
const VERSION = /^(latest|11(\.\d{1,4}){0,2})$/;

/** Reads the arguments of the command line that the client makes (docs/epistemix.md, "Arguments"). */
export function readArguments({ fredArgs, fredVersion, population }: Arguments): RunArguments {
  const faults: ConfigurationFault[] = [];
  const parameters: Record<string, string> = Object.create(null);
  const locations: string[] = [];
  let [main, seed, startDate, endDate]: [string, bigint?, string?, string?] = ["main.fred"];
  const refuse = (key: string, error: string) => faults.push({ key, error });
  const takers: Record<string, (value: string) => void> = {
    "-p": (value) => {
      main = value;
    },
    "-o": (value) => {
      const at = value.indexOf("=");
      if (at < 1) refuse("-o", `expected NAME=VALUE, got ${quoted(value)}`);
      else parameters[value.slice(0, at).trim()] = value.slice(at + 1).trim();
    },
    "-s": (value) => {
      const read = seedOf(value);
      if (read === undefined) refuse("-s", `expected a seed from 0 to ${MAX_SEED}, got ${quoted(value)}`);
      else seed = read;
    },
    "--start-date": (value) => {
      startDate = dateOf(value);
      if (startDate === undefined) refuse("--start-date", notADate(value));
    },
    "--end-date": (value) => {
      endDate = dateOf(value);
      if (endDate === undefined) refuse("--end-date", notADate(value));
    },
    "-l": (value) => locations.push(value),
  };
  takers["-r"] = takers["-s"]!;
  for (const { flag, value } of fredArgs) {
    if (Object.hasOwn(takers, flag)) takers[flag]!(value);
    else refuse(flag.slice(0, 40), `is not known; there are ${Object.keys(takers).join(", ")}`);
  }
  if (startDate && endDate && endDate < startDate) refuse("--end-date", `${endDate} is before ${startDate}`);
  if (!VERSION.test(fredVersion)) refuse("fredVersion", versionFault(fredVersion));
  const asked = locations.length > 0 ? locations : (population?.locations ?? []);
  const options: RunOptions = { parameters: { ...parameters } };
  if (seed !== undefined) options.seed = seed;
  if (startDate) options.startDate = startDate;
  if (endDate) options.endDate = endDate;
  if (asked.length > 0) options.locations = asked;
  return { options, main, faults };
}

/** Through BigInt alone: a double would round what is beyond 2^53. */
function seedOf(text: string): bigint | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const seed = BigInt(text);
  return seed <= MAX_SEED ? seed : undefined;
}

function dateOf(text: string): string | undefined {
  const timeMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(text) ? text : undefined;
}

function notADate(text: string): string {
  return `expected a date such as 2020-01-31, got ${quoted(text)}`;
}

function versionFault(version: string): string {
  if (/^10(\.|$)/.test(version)) return `${version} writes its results in an old form; expected latest, 11 or 11.x.y`;
  return `expected latest, 11 or 11.x.y, got ${quoted(version)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
