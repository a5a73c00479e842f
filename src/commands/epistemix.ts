import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { defineCommand } from "citty";
import { UsageError } from "../platform/errors";
import { loadFred } from "../systems/epistemix";
import { jobs, results, uploads } from "./epistemixJobs";
import { modelFiles } from "./modelFiles";
import { textArg } from "./scenarioArgs";

const MODEL = { type: "positional", description: "The main .fred file of the model", required: true } as const;

const check = defineCommand({
  meta: { name: "check", description: "Say what is wrong with a model, without running it." },
  args: { model: MODEL },
  async run({ args }) {
    const { checkModel, faultText } = await loadFred();
    const faults = checkModel(await modelFiles(args.model));
    for (const fault of faults) process.stderr.write(faultText(fault));
    if (faults.length > 0) return 1;
    await Bun.write(Bun.stdout, `${args.model} can be run\n`);
    return 0;
  },
});

const run = defineCommand({
  meta: { name: "run", description: "Run a model on this machine and write the files of its result." },
  args: {
    model: MODEL,
    out: textArg("Folder for the result (default ./fred-out)", "DIR"),
    seed: textArg("The same seed gives the same result (default the model's own, else 1)", "N"),
    location: textArg("Counties or states, with commas between (default the model's own)", "NAMES"),
    "start-date": textArg("First day (default the model's own)", "YYYY-MM-DD"),
    "end-date": textArg("Last day (default the model's own)", "YYYY-MM-DD"),
    set: textArg("Values of shared variables, as a=1,b=2", "PAIRS"),
  },
  async run({ args }) {
    const { faultText, runModel } = await loadFred();
    const { files, status, faults } = runModel({
      ...(await modelFiles(args.model)),
      options: {
        ...(args.seed !== undefined && { seed: seedOf(args.seed) }),
        ...(args.location !== undefined && { locations: args.location.split(",") }),
        ...(args["start-date"] !== undefined && { startDate: args["start-date"] }),
        ...(args["end-date"] !== undefined && { endDate: args["end-date"] }),
        ...(args.set !== undefined && { parameters: pairsOf(args.set) }),
      },
      nowMs: Date.now,
    });
    const folder = args.out ?? "fred-out";
    for (const { path, bytes } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await Bun.write(join(folder, path), bytes);
    }
    for (const fault of faults) process.stderr.write(faultText(fault));
    const log = files.find(({ path }) => path === "logs.txt");
    if (faults.length === 0) await Bun.write(status === "done" ? Bun.stdout : Bun.stderr, log!.bytes);
    return status === "done" ? 0 : 1;
  },
});

function seedOf(text: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 2n ** 64n)
    throw new UsageError(`--seed must be a whole number below 2^64, not ${text}.`);
  return BigInt(text);
}

function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [name, value, ...more] = pair.split("=");
      if (name === "" || value === undefined || more.length > 0)
        throw new UsageError(`--set takes a=1,b=2, not ${pair}.`);
      return [name, value];
    }),
  );
}

export default defineCommand({
  meta: { name: "epistemix", description: "Epidemic models in the FRED language, and what is kept of their jobs." },
  subCommands: { check, run, jobs, uploads, results },
});
