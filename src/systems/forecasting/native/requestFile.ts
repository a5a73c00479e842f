import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { systemClock } from "../../../platform/clock";
import { messageOf, RequestError } from "../../../platform/errors";
import { classicalModels } from "../classical/classicalModels";
import { forecastSeries } from "../classical/forecastSeries";
import { loadNeuralModel } from "../inference/loadNeuralModel";
import { openModelFolder } from "../inference/modelFolder";
import { sha256OfFile } from "../library/digest";
import { findModel } from "../library/library";
import { modelFolder } from "../library/modelId";
import { createAdmission } from "./admission";
import { forecastTask } from "./forecastTask";
import type { OpenedModel } from "./openedModel";
import { ownThread } from "./ownThread";
import { readForecast } from "./readRequest";
import { wholeAnswer } from "./service";

export interface RequestFileOptions {
  /** The library of models. */
  modelsDir: string;
  /** The model that runs, in place of the request's: an id, or a folder that holds one. */
  model: string | undefined;
}

const RUN_TIMEOUT_MS = 600_000;
const MAX_WAITING_ROWS = 1_000_000;

/**
 * What `POST /api/v1/forecast` would answer to that body, byte for byte, without a server. A file that the request names is
 * read from this machine.
 * @throws RequestError as the service does; UsageError for a folder that holds no model
 */
export async function forecastRequestFile(body: Uint8Array, options: RequestFileOptions): Promise<Uint8Array[]> {
  const needed = readForecast(body);
  const task = "source" in needed ? readForecast(body, await bytesOf(needed.source)) : needed;
  if ("source" in task) throw new Error("a request that has its file needs none");
  const { opened, close } = await openModel(options.model ?? task.head.model, options);
  try {
    const { id } = opened.model.traits;
    const means = {
      threads: ownThread,
      admission: createAdmission(() => 1, Number.POSITIVE_INFINITY),
      signal: new AbortController().signal,
    };
    const parts = forecastTask({ ...task, head: { ...task.head, model: id } }, opened, means);
    return await wholeAnswer(parts, "forecasts");
  } finally {
    await close();
  }
}

async function bytesOf(source: string): Promise<Uint8Array> {
  try {
    return await Bun.file(source).bytes();
  } catch (error) {
    throw new RequestError(422, `data.source ${source} cannot be read: ${messageOf(error)}.`);
  }
}

async function openModel(
  id: string,
  options: RequestFileOptions,
): Promise<{ opened: OpenedModel; close: () => Promise<void> }> {
  const builtIn = classicalModels(async (inputs) => inputs.map(forecastSeries)).find(({ traits }) => traits.id === id);
  if (builtIn !== undefined) {
    const opened = { model: builtIn, stamp: { digest: null, device: "CPU", precision: "f64" as const }, warnings: [] };
    return { opened, close: async () => undefined };
  }
  const isFolder = existsSync(id) && statSync(id).isDirectory();
  const folder = isFolder ? openModelFolder(id) : installed(id, options.modelsDir);
  const { model, device, precision, warnings } = await loadNeuralModel(folder, {
    id: isFolder ? basename(id) : id,
    backend: "cpu",
    precision: "f32",
    threads: 0,
    clock: systemClock,
    batchWaitMs: 1,
    maxWaitingRows: MAX_WAITING_ROWS,
    runTimeoutMs: RUN_TIMEOUT_MS,
    writeInt8: () => Promise.reject(new Error("f32 needs no weights of eight bits")),
  });
  const digest = await sha256OfFile(folder.checkpoint.path);
  return { opened: { model, stamp: { digest, device, precision }, warnings }, close: () => model.unload() };
}

/** @throws UsageError with how to get it */
function installed(id: string, modelsDir: string) {
  return openModelFolder(modelFolder(modelsDir, id), findModel(modelsDir, id).weights);
}
