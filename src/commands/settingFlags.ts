import type { ArgsDef } from "citty";
import { type LoadedConfig, loadConfig, readEnvFile, settingEntries } from "../config/load";

/** The arguments of a command that takes every setting's flag; a `--no-x` flag is the library's negation of `x`. */
export function settingArgs(): ArgsDef {
  const args: ArgsDef = {};
  for (const [name, setting] of settingEntries) {
    const [flag, ...aliases] = setting.flags ?? [];
    if (flag === undefined) continue;
    const shown = setting.default === undefined ? "" : ` (default ${setting.default})`;
    const description = `${setting.meaning}${shown} [${name}]`;
    if (flag.startsWith("no-"))
      args[flag.slice(3)] = { type: "boolean", default: true, negativeDescription: description };
    else if (setting.default === "false") args[flag] = { type: "boolean", description };
    else args[flag] = { type: "string", description, valueHint: flag.toUpperCase() };
    for (const alias of aliases)
      args[alias] = { type: "string", description: `Same as --${flag}`, valueHint: flag.toUpperCase() };
  }
  return args;
}

/** The settings in force for these parsed arguments, this process's environment and the `.env` of the current folder. */
export function configFrom(args: Record<string, unknown>): LoadedConfig {
  const flags: Record<string, string> = {};
  for (const [, setting] of settingEntries) {
    for (const flag of setting.flags ?? []) {
      const value = flag.startsWith("no-") ? args[flag.slice(3)] === false : args[flag];
      if (typeof value === "string" || value === true) flags[flag] = String(value);
    }
  }
  return loadConfig({ flags, environment: process.env, file: readEnvFile(".env") });
}
