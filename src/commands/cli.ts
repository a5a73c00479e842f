import { type ArgsDef, type CommandDef, renderUsage, runCommand } from "citty";
import { commandName } from "../platform/commandName";
import { messageOf, UsageError } from "../platform/errors";
import { VERSION } from "../platform/version";

// biome-ignore lint/suspicious/noExplicitAny: the library's own type of a command with whatever arguments
type AnyCommand = CommandDef<any>;

const COMMANDS: Record<string, { about: string; load: () => Promise<{ default: AnyCommand }> }> = {
  serve: { about: "Serve everything (the default)", load: () => import("./serve") },
  init: { about: "Write a .env with fresh secrets", load: () => import("./init") },
  simulate: { about: "Run one Filecoin scenario", load: () => import("./simulate") },
  montecarlo: { about: "Bands over runs whose rates come about by chance", load: () => import("./montecarlo") },
  sweep: { about: "Run a scenario over a grid of its inputs", load: () => import("./sweep") },
  backtest: { about: "Say how good forecasts from past days were", load: () => import("./backtest") },
  miner: { about: "Connect simulated workers to a market", load: () => import("./miner") },
  market: { about: "Look at a market, rent, let miners in", load: () => import("./market") },
  demo: { about: "Show the whole life of a rental", load: () => import("./demo") },
  history: { about: "Fetch, look at or import the Filecoin history", load: () => import("./history") },
  token: { about: "Print a token of a system", load: () => import("./token") },
  epistemix: { about: "Check and run epidemic models in the FRED language", load: () => import("./epistemix") },
  forecast: { about: "Forecast the series of a file", load: () => import("./forecast") },
  model: { about: "Get forecasting models, look at them, remove them", load: () => import("./model") },
  "mqtt-user": { about: "Make a line for the broker's file of users", load: () => import("./mqttUser") },
  migrate: { about: "Move the database's schema, or look at it", load: () => import("./migrate") },
  backup: { about: "Copy everything that is kept into one file", load: () => import("./backup") },
  restore: { about: "Put a backup in the place of the data folder", load: () => import("./restore") },
  doctor: { about: "Say what works on this machine", load: () => import("./doctor") },
  licenses: { about: "Print the notices of every library inside", load: () => import("./licenses") },
};

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Runs the command that the arguments name and gives the exit code: 0 done, 1 failed, 2 wrongly called. */
export async function runCli(rawArgs: readonly string[]): Promise<number> {
  try {
    const [first] = rawArgs;
    if (first === "--help" || first === "-h" || first === "help") return await print(overview());
    if (first === "--version" || first === "-v") return await print(`${VERSION}\n`);
    const named = first !== undefined && !first.startsWith("-");
    const name = named ? first : "serve";
    const command = COMMANDS[name];
    if (command === undefined)
      throw new UsageError(`There is no command ${JSON.stringify(name)}. Try ${commandName()} --help.`);
    return await runNamed(name, (await command.load()).default, rawArgs.slice(named ? 1 : 0));
  } catch (error) {
    // Whoever reads the output has seen enough, as `head` does.
    if ((error as { code?: string }).code === "EPIPE") return 0;
    const usage = error instanceof UsageError || (error instanceof Error && error.name === "CLIError");
    process.stderr.write(`foresight: ${messageOf(error)}\n`);
    return usage ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function runNamed(name: string, command: AnyCommand, rawArgs: string[]): Promise<number> {
  const { target, path, rest } = await subCommand(command, `foresight ${name}`, rawArgs);
  if (rest.includes("--help") || rest.includes("-h")) {
    return await print(`${plain(await renderUsage(target)).trim()}\n`);
  }
  await refuseUnknown(target, path, rest);
  const { result } = await runCommand(target, { rawArgs: rest });
  return typeof result === "number" ? result : 0;
}

interface CommandCall {
  target: AnyCommand;
  path: string;
  rest: string[];
}

async function subCommand(command: AnyCommand, path: string, rawArgs: string[]): Promise<CommandCall> {
  const subCommands = await resolved(command.subCommands);
  if (subCommands === undefined) return { target: command, path, rest: rawArgs };
  const names = Object.keys(subCommands).join(", ");
  const [first] = rawArgs;
  if (first === undefined || first === "--help" || first === "-h") return { target: command, path, rest: ["--help"] };
  const chosen = await resolved(subCommands[first]);
  if (chosen === undefined) throw new UsageError(`${path} has no ${JSON.stringify(first)}; it has ${names}.`);
  return subCommand(chosen as AnyCommand, `${path} ${first}`, rawArgs.slice(1));
}

/** The library lets unknown flags pass; a mistyped one must not start anything. */
async function refuseUnknown(command: AnyCommand, path: string, rawArgs: string[]): Promise<void> {
  const args: ArgsDef = (await resolved(command.args)) ?? {};
  const positionals = Object.values(args).filter((arg) => arg.type === "positional").length;
  let words = 0;
  for (let i = 0; i < rawArgs.length; i++) {
    const raw = rawArgs[i]!;
    // A step back, such as -1, is a word too.
    if (!raw.startsWith("-") || raw === "-" || /^-\d+$/.test(raw)) {
      if (++words > positionals)
        throw new UsageError(`${path} does not take ${JSON.stringify(raw)}. Try ${path} --help.`);
      continue;
    }
    const name = raw.replace(/^--?/, "").split("=")[0]!;
    const arg = args[name] ?? args[name.replace(/^no-/, "")];
    if (arg === undefined) throw new UsageError(`${path} does not know the flag ${raw}. Try ${path} --help.`);
    if (arg.type === "boolean" || raw.includes("=")) continue;
    const value = rawArgs[++i];
    if (value === undefined || value.startsWith("--")) throw new UsageError(`${raw} needs a value.`);
  }
}

async function resolved<T>(value: T | Promise<T> | (() => T) | (() => Promise<T>)): Promise<T> {
  return typeof value === "function" ? await (value as () => T | Promise<T>)() : await value;
}

function overview(): string {
  const program = commandName();
  const rows = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`);
  return `Foresight ${VERSION}: forecasts, simulations and a market of compute in one program.

Usage: ${program} [COMMAND] [OPTIONS]

${rows.join("\n")}

${program} COMMAND --help says what a command takes.
`;
}

function plain(text: string): string {
  return process.stdout.isTTY && process.env["NO_COLOR"] === undefined ? text : Bun.stripANSI(text);
}

async function print(text: string): Promise<number> {
  await Bun.write(Bun.stdout, text);
  return 0;
}
