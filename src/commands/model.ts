import { defineCommand } from "citty";
import { foregroundClock } from "../platform/clock";
import {
  findModel,
  importModel,
  listModels,
  type Manifest,
  modelsDirOf,
  pullModel,
  removeModel,
  sizeOfModel,
  verifyModel,
} from "../systems/forecasting";
import { interruptible } from "./interruptible";
import { progressBar } from "./progressBar";
import { configFrom, settingArgs } from "./settingFlags";

const { "data-dir": dataDir } = settingArgs();
const id = { type: "positional", required: true, description: "A model's id", valueHint: "ID" } as const;
const as = { type: "string", description: "What it is to be called here", valueHint: "ID" } as const;

const EXIT_DAMAGED = 1;

const pull = defineCommand({
  meta: { name: "pull", description: "Download a model from the hub (HF_ENDPOINT, HF_TOKEN), check it and keep it." },
  args: {
    id,
    as,
    revision: { type: "string", description: "A branch, tag or commit (default main)", valueHint: "REVISION" },
    "accept-license": { type: "boolean", description: "Accept a licence that forbids commercial use" },
    "data-dir": dataDir!,
  },
  async run({ args }) {
    const { values } = configFrom({ "data-dir": args["data-dir"] });
    const bar = progressBar(`Pulling ${args.id} (MiB)`);
    const manifest = await interruptible((signal) => {
      return pullModel({
        modelsDir: modelsDirOf(values.DATA_DIR),
        hub: { endpoint: values.HF_ENDPOINT, token: values.HF_TOKEN, signal },
        id: args.id,
        as: args.as,
        revision: args.revision,
        licenceAccepted: args["accept-license"] === true,
        clock: foregroundClock,
        onProgress: ({ done, total }) => bar.update({ done: mibOf(done), total: mibOf(total) }),
      });
    }, "the next pull goes on from there").finally(bar.end);
    return say([`Kept ${manifest.id}: ${summaryOf(manifest)}.`]);
  },
});

const importCommand = defineCommand({
  meta: { name: "import", description: "Check a model in a local folder and keep a copy of it." },
  args: {
    folder: { type: "positional", required: true, description: "The folder of the weights", valueHint: "DIR" },
    as,
    "data-dir": dataDir!,
  },
  async run({ args }) {
    const modelsDir = modelsDirOf(configFrom({ "data-dir": args["data-dir"] }).values.DATA_DIR);
    const now = new Date().toISOString();
    const manifest = await importModel({ modelsDir, from: args.folder, id: args.as, now });
    return say([`Kept ${manifest.id}: ${summaryOf(manifest)}.`]);
  },
});

const list = defineCommand({
  meta: { name: "list", description: "Say which models are here." },
  args: { "data-dir": dataDir! },
  async run({ args }) {
    const models = await listModels(modelsDirOf(configFrom(args).values.DATA_DIR));
    if (models.length === 0) return say(["No models are here. Get one with: foresight model pull OWNER/NAME"]);
    const rows = models.map((manifest) => [
      manifest.id,
      manifest.title,
      `${(manifest.parameters / 1e6).toFixed(1)} M`,
      `${mibOf(sizeOfModel(manifest))} MiB`,
      manifest.licence ?? "not stated",
    ]);
    return say(aligned([["id", "kind", "parameters", "size", "licence"], ...rows]));
  },
});

const show = defineCommand({
  meta: { name: "show", description: "Say everything that is known of a model." },
  args: { id, "data-dir": dataDir! },
  async run({ args }) {
    const manifest = findModel(modelsDirOf(configFrom({ "data-dir": args["data-dir"] }).values.DATA_DIR), args.id);
    const facts: [string, string][] = [
      ["id", manifest.id],
      ["kind", `${manifest.title} (${manifest.family})`],
      ["parameters", String(manifest.parameters)],
      ["licence", manifest.licence ?? "not stated"],
      ["source", manifest.source],
      ["kept since", manifest.addedAt],
      ...manifest.files.map(({ name, sizeBytes, sha256 }): [string, string] => [
        name,
        `${sizeBytes} bytes, sha256 ${sha256}`,
      ]),
    ];
    return say(facts.map(([name, value]) => `${name.padEnd(24)}${value}`));
  },
});

const verify = defineCommand({
  meta: { name: "verify", description: "Read every file of a model anew and compare it with what was kept." },
  args: { id, "data-dir": dataDir! },
  async run({ args }) {
    const modelsDir = modelsDirOf(configFrom({ "data-dir": args["data-dir"] }).values.DATA_DIR);
    const damages = await verifyModel(modelsDir, args.id);
    if (damages.length === 0) return say([`${args.id} is as it was kept.`]);
    await say(damages.map(({ file, expected, got }) => `${file}: expected ${expected}, got ${got}`));
    return EXIT_DAMAGED;
  },
});

const remove = defineCommand({
  meta: { name: "remove", description: "Remove a model." },
  args: { id, "data-dir": dataDir! },
  async run({ args }) {
    await removeModel(modelsDirOf(configFrom({ "data-dir": args["data-dir"] }).values.DATA_DIR), args.id);
    return say([`Removed ${args.id}.`]);
  },
});

export default defineCommand({
  meta: { name: "model", description: "Get forecasting models, look at them and remove them." },
  subCommands: { pull, import: importCommand, list, show, verify, remove },
});

function summaryOf(manifest: Manifest): string {
  return `${manifest.title}, ${(manifest.parameters / 1e6).toFixed(1)} M parameters, ${mibOf(sizeOfModel(manifest))} MiB`;
}

/** Lines whose columns begin one below the other. */
function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

function mibOf(bytes: number): number {
  return Math.ceil(bytes / 1024 ** 2);
}

async function say(lines: readonly string[]): Promise<number> {
  await Bun.write(Bun.stdout, lines.map((line) => `${line}\n`).join(""));
  return 0;
}
