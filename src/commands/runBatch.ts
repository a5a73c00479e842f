import { availableParallelism } from "node:os";
import { createWorker } from "../createWorker";
import { systemClock } from "../platform/clock";
import { createPool } from "../platform/compute/pool";
import { messageOf, RequestError, UsageError } from "../platform/errors";
import { replaceFile } from "../platform/replaceFile";
import {
  type AdmittedRequest,
  type BatchService,
  createBatchService,
  createCpuBatchEngine,
  createEitherEngine,
  hasDriver,
  historyAtStart,
  machineCard,
  SHARED_HISTORY,
  withMeasured,
} from "../systems/filecoin";
import { progressBar } from "./progressBar";
import { flag, oneOf, PRINT_FORMATS, pictureEnding, textArg } from "./scenarioArgs";
import { configFrom } from "./settingFlags";
import { textTable } from "./textTable";

/** Pictures of an answer, which is JSON: what is told of each, and its SVG. */
export type Draw = (answer: never) => readonly { name: string; svg: string }[];

export const ENGINE_ARG = textArg("Who does the runs: auto, gpu or cpu (default auto)", "E");

/** A command alone on the machine waits for nobody. */
const MAX_WAIT_S = 3600;
const MAX_WAITING = 1000;

/**
 * Runs a batch on all cores and prints its answer, or draws it into the file that `--plot` names.
 * @throws UsageError for what the person at the command line can mend.
 */
export async function runBatch(
  args: Record<string, unknown>,
  admit: (service: BatchService) => AdmittedRequest,
  draw: Draw,
): Promise<number> {
  const format = oneOf("--format", flag(args, "format") ?? "json", PRINT_FORMATS);
  const plot = flag(args, "plot");
  if (plot !== undefined) pictureEnding(plot);
  const { values } = configFrom({ history: flag(args, "history"), "data-dir": flag(args, "data-dir") });
  const history = await measuredBy(flag(args, "measured"), (await historyAtStart(values)).history);
  const pool = createPool({
    workers: values.WORKERS ?? availableParallelism(),
    maxWaitMs: 1000 * MAX_WAIT_S,
    maxWaiting: MAX_WAITING,
    createWorker,
    onCrash: (error) => process.stderr.write(`A calculating thread crashed: ${messageOf(error)}\n`),
  });
  const gpu = machineCard(values, systemClock, (fault) => process.stderr.write(`The GPU: ${fault}\n`));
  const bar = progressBar("Running");
  try {
    pool.share(SHARED_HISTORY, history);
    // What the card can do decides what may be asked for.
    if (flag(args, "engine") === "gpu" || hasDriver()) await gpu.card.tried();
    const config = { FILECOIN_KNOWN_TRIM: values.FILECOIN_KNOWN_TRIM, COMPUTE_MAX_WAIT_S: MAX_WAIT_S };
    const engine = createEitherEngine({
      cpu: createCpuBatchEngine(pool),
      card: gpu.card,
      workers: () => pool.load().workers,
      maxWaitS: MAX_WAIT_S,
      history: () => history,
      onDone: () => undefined,
    });
    const service = createBatchService({
      pool,
      config,
      engine,
      history: () => history,
      maxRuns: engine.maxRuns,
      costOf: engine.costOf,
    });
    const answer = await admit(service)({
      format: format === "json" || plot !== undefined ? "json" : "csv",
      onProgress: (done, total) => bar.update({ done, total }),
    });
    bar.end();
    if (plot !== undefined)
      return await drawInto(plot, draw(JSON.parse(new TextDecoder().decode(answer.bytes)) as never));
    const { bytes } = answer;
    await Bun.write(Bun.stdout, format === "table" ? textTable(new TextDecoder().decode(bytes)) : bytes);
    return 0;
  } catch (error) {
    bar.end();
    if (error instanceof RequestError && error.status === 422) throw new UsageError(error.detail);
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  } finally {
    await gpu.stop();
    await pool.stop();
  }
}

type History = Parameters<typeof withMeasured>[0];

/** The history with the measured stocks of a table, where one is named. */
async function measuredBy(path: string | undefined, history: History): Promise<History> {
  if (path === undefined) return history;
  try {
    return withMeasured(history, await Bun.file(path).text());
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The file ${path} cannot be read: ${messageOf(error)}`);
  }
}

/** One picture into the file itself, several into files that have the name of each before the ending. */
async function drawInto(path: string, pictures: readonly { name: string; svg: string }[]): Promise<number> {
  const ending = pictureEnding(path);
  const { svgToPng } = await import("../platform/charts");
  for (const { name, svg } of pictures) {
    const file = pictures.length === 1 ? path : `${path.slice(0, -ending.length - 1)}-${name}.${ending}`;
    await replaceFile(file, ending === "svg" ? svg : await svgToPng(svg));
    process.stderr.write(`Drew ${name} into ${file}\n`);
  }
  return 0;
}

/** Flags that are whole numbers, as the members that they set; the schema says what is wrong with any other text. */
export function numbered(args: Record<string, unknown>, flags: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(flags).flatMap(([name, member]) => {
      const value = flag(args, name);
      if (value === undefined) return [];
      const number = Number(value);
      return [[member, value.trim() === "" || Number.isNaN(number) ? value : number]];
    }),
  );
}
