import { type ArgsDef, defineCommand } from "citty";
import {
  currentRevision,
  migrateDown,
  migrateUp,
  migrationHistory,
  openToInspect,
  openToMigrate,
  resetDatabase,
} from "../platform/database";
import { UsageError } from "../platform/errors";
import { databaseArgs, databaseSettings } from "./databaseSettings";

function towards(description: string): ArgsDef {
  return { ...databaseArgs, to: { type: "positional", required: false, description, valueHint: "REVISION" } };
}

const up = defineCommand({
  meta: { name: "up", description: "Apply pending revisions." },
  args: towards("head (default), +N or a revision"),
  async run({ args }) {
    await using opened = await openToMigrate(databaseSettings(args));
    const done = await migrateUp(opened.target, textOf(args["to"]) ?? "head");
    return say([...done.map(({ name }) => `up    ${name}`), done.length === 0 ? "Nothing to do." : opened.where]);
  },
});

const down = defineCommand({
  meta: { name: "down", description: "Revert revisions; what only the newer tables held is lost." },
  args: towards("-1 (default), -N, base or the revision to go back to"),
  async run({ args, rawArgs }) {
    await using opened = await openToMigrate(databaseSettings(args));
    // The parser of arguments takes -1 for a flag.
    const steps = rawArgs.find((word) => /^-\d+$/.test(word));
    const done = await migrateDown(opened.target, steps ?? textOf(args["to"]) ?? "-1");
    return say([...done.map(({ name }) => `down  ${name}`), done.length === 0 ? "Nothing to do." : opened.where]);
  },
});

const current = defineCommand({
  meta: { name: "current", description: "Print the revision of the database." },
  args: databaseArgs,
  async run({ args }) {
    await using opened = await openToInspect(databaseSettings(args));
    const revision = await currentRevision(opened.target);
    const isHead = revision?.name === opened.target.revisions.at(-1)?.name;
    return say([`${revision?.name ?? "(none)"}${isHead ? " (head)" : ""}`]);
  },
});

const history = defineCommand({
  meta: { name: "history", description: "List every revision and when it was applied." },
  args: databaseArgs,
  async run({ args }) {
    await using opened = await openToInspect(databaseSettings(args));
    const revisions = await migrationHistory(opened.target);
    const when = (appliedAt: number | null) => (appliedAt === null ? "pending" : new Date(appliedAt).toISOString());
    return say(revisions.map(({ name, appliedAt }) => `${name}  ${when(appliedAt)}`));
  },
});

const reset = defineCommand({
  meta: { name: "reset", description: "Delete every row: all revisions down, then up." },
  args: { ...databaseArgs, yes: { type: "boolean", description: "Yes, delete everything" } },
  async run({ args }) {
    const settings = databaseSettings(args);
    if (args["yes"] !== true) {
      throw new UsageError("migrate reset deletes every row of the database; say --yes if that is what you want.");
    }
    await using opened = await openToMigrate(settings);
    await resetDatabase(opened.target);
    return say([`Empty, at the newest revision: ${opened.where}`]);
  },
});

export default defineCommand({
  meta: { name: "migrate", description: "Move the database's schema up or down, or look at it." },
  subCommands: { up, down, current, history, reset },
});

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

async function say(lines: string[]): Promise<number> {
  await Bun.write(Bun.stdout, lines.map((line) => `${line}\n`).join(""));
  return 0;
}
