import { defineCommand } from "citty";
import type { z } from "zod";
import { httpUrl, isoDate } from "../config/kinds";
import { foregroundClock } from "../platform/clock";
import { UsageError } from "../platform/errors";
import { unseededRandom } from "../platform/random";
import { replaceFile } from "../platform/replaceFile";
import {
  ageDaysOf,
  cachePath,
  fetchFromSpacescope,
  historyAtStart,
  historyDoubts,
  historyFileOf,
  type KeptHistory,
  openHistory,
  snapshotId,
  writeCache,
} from "../systems/filecoin";
import { interruptible } from "./interruptible";
import { progressBar } from "./progressBar";
import { configFrom, settingArgs } from "./settingFlags";

const { "data-dir": dataDir, history: historyFile } = settingArgs();
const text = (description: string, valueHint: string) => ({ type: "string", description, valueHint }) as const;

const fetchCommand = defineCommand({
  meta: { name: "fetch", description: "Fetch a history from Spacescope; needs SPACESCOPE_TOKEN or its file." },
  args: {
    url: text("Base address (default: SPACESCOPE_URL)", "URL"),
    start: text("First day (default: FILECOIN_HISTORY_START_DATE)", "DATE"),
    today: text("The day after the last one (default: today, UTC)", "DATE"),
    out: text("History file to write (default: keep it in the data folder, for `serve`)", "FILE"),
    "data-dir": dataDir!,
  },
  async run({ args }) {
    const { values } = configFrom({ "data-dir": args["data-dir"] });
    const settings = {
      ...values,
      SPACESCOPE_URL: parsed("--url", httpUrl, args.url) ?? values.SPACESCOPE_URL,
      FILECOIN_HISTORY_START_DATE: parsed("--start", isoDate, args.start) ?? values.FILECOIN_HISTORY_START_DATE,
    };
    const today = parsed("--today", isoDate, args.today) ?? todayUtc();
    const fetchHistory = fetchFromSpacescope(settings, { clock: foregroundClock, random: unseededRandom() });
    if (fetchHistory === undefined) {
      throw new UsageError(`No token: set SPACESCOPE_TOKEN, or put one into ${values.SPACESCOPE_AUTH_FILE}.`);
    }
    const bar = progressBar("Fetching from Spacescope");
    const { history, notes } = await interruptible(
      (signal) => fetchHistory(today, signal, bar.update),
      "nothing was written",
    ).finally(bar.end);
    for (const note of notes) process.stderr.write(`note: ${note}\n`);
    const kept = { history, notes, storedAt: new Date().toISOString() };
    if (args.out === undefined) return say([`Kept in ${await keep(kept, values.DATA_DIR)}: ${extentOf(kept)}`]);
    await replaceFile(args.out, JSON.stringify(historyFileOf(history)));
    return say([`Written to ${args.out}: ${extentOf(kept)}`]);
  },
});

const show = defineCommand({
  meta: { name: "show", description: "Say which history forecasts start from, how old it is and what is known of it." },
  args: { history: historyFile!, "data-dir": dataDir! },
  async run({ args }) {
    const { history, kept, fault } = await historyAtStart(configFrom(args).values);
    if (fault !== undefined) process.stderr.write(`warning: ${fault}\n`);
    const { rawBytePower, renewalRate, filPlusRate } = history.smoothed;
    const facts: [string, string][] = [
      ["source", history.source],
      ["first day", history.startDate],
      ["last day", `${history.currentDate}, ${ageDaysOf(history, todayUtc())} days ago`],
      ["kept since", kept?.storedAt ?? "not kept; it is read anew at each start"],
      ["raw power", `${(history.rawPowerTodayPib / 1024).toFixed(3)} EiB`],
      ["quality-adjusted power", `${(history.qaPowerTodayPib / 1024).toFixed(3)} EiB`],
      ["raw onboarding", `${rawBytePower.toFixed(3)} PiB a day, median of the last 30 days`],
      ["renewal rate", `${renewalRate.toFixed(3)}, likewise`],
      ["FIL+ rate", `${filPlusRate.toFixed(3)}, likewise`],
      ["snapshot", snapshotId(history)],
      ...(kept?.notes ?? []).map((note): [string, string] => ["note", note]),
    ];
    return say(facts.map(([name, value]) => `${name.padEnd(24)}${value}`));
  },
});

const importCommand = defineCommand({
  meta: { name: "import", description: "Check a history file and keep it in the data folder, for the next `serve`." },
  args: {
    file: { type: "positional", required: true, description: "A history file", valueHint: "FILE" },
    "data-dir": dataDir!,
  },
  async run({ args }) {
    const { DATA_DIR } = configFrom({ "data-dir": args["data-dir"] }).values;
    const history = openHistory(args.file);
    const notes = historyDoubts(history, todayUtc());
    for (const note of notes) process.stderr.write(`warning: ${note}\n`);
    const kept = { history, notes, storedAt: new Date().toISOString() };
    return say([`Kept in ${await keep(kept, DATA_DIR)}: ${extentOf(kept)}`]);
  },
});

export default defineCommand({
  meta: { name: "history", description: "Fetch, look at or import the history that Filecoin forecasts start from." },
  subCommands: { fetch: fetchCommand, show, import: importCommand },
});

async function keep(kept: KeptHistory, folder: string): Promise<string> {
  const path = cachePath(folder);
  await writeCache(path, kept);
  return path;
}

function extentOf({ history: { startDate, currentDate, burntFil } }: KeptHistory): string {
  return `${startDate} to ${currentDate}, ${burntFil.length} days`;
}

/** The value of a flag. @throws UsageError that names the flag, what was expected and what came. */
function parsed<Value>(flag: string, kind: z.ZodType<Value, string>, given: string | undefined): Value | undefined {
  if (given === undefined) return undefined;
  const result = kind.safeParse(given);
  if (result.success) return result.data;
  throw new UsageError(`${flag}: ${result.error.issues[0]!.message}, got ${JSON.stringify(given)}`);
}

function todayUtc(): string {
  return new Date().toISOString().slice(0, 10);
}

async function say(lines: string[]): Promise<number> {
  await Bun.write(Bun.stdout, lines.map((line) => `${line}\n`).join(""));
  return 0;
}
