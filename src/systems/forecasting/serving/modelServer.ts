import type { Clock } from "../../../platform/clock";
import type { WorkPool } from "../../../platform/compute/pool";
import { messageOf, RequestError, UsageError } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import type { Backend, LoadedModel, Precision } from "../inference/loadNeuralModel";
import type { NeuralModelFigures } from "../inference/neuralModel";
import { findModel, listModels } from "../library/library";
import { modelFolder } from "../library/modelId";
import type { Model } from "../model";
import type { CatalogueEntry } from "./catalogue";
import { costOfClassical } from "./cost";
import { createLoadedModels } from "./loadedModels";

/** The models that can be asked for: the built-in ones, and those of the library, whose weights are loaded when needed. */
export interface ModelServer {
  /** What is told of every model that can be asked for: the built-in ones, then those of the library. */
  catalogue(): Promise<CatalogueEntry[]>;
  /** The built-in ones, the default one first. */
  builtIn(): Promise<readonly Model[]>;
  /**
   * A model that is ready to forecast.
   * @throws RequestError 404 for an id that is none, with what to do; 503 when it cannot be loaded now.
   */
  open(id: string): Promise<Model>;
  /** Loads weights, or gives what is loaded already. @throws RequestError as {@link open}. */
  load(id: string, how?: LoadHow): Promise<LoadedModel>;
  /** Gives all memory of a model back; false where it was not loaded. */
  unload(id: string): Promise<boolean>;
  /** Ids of the models whose weights are in memory or on their way there. */
  loaded(): string[];
  /** What their processes are at: pid, crashes, batches and rows so far, rows that wait. */
  figures(): Record<string, NeuralModelFigures>;
  stop(): Promise<void>;
}

/** Where weights lie. */
export interface WeightsPlace {
  folder: string;
  /** The file of weights in it; where absent, the one with a name under which weights are published. */
  weights?: string | undefined;
}

export interface LoadHow {
  backend?: Backend;
  /** Where they lie, when not in the library; known under that id from then on. */
  from?: WeightsPlace;
}

export interface ModelServerOptions {
  modelsDir: string;
  clock: Clock;
  log: Log;
  pool: WorkPool;
  backend: Backend;
  precision: Precision;
  threads: number;
  batchWaitMs: number;
  maxWaitingRows: number;
  runTimeoutMs: number;
  /** Models whose weights are in memory at a time. */
  maxLoaded: number;
}

export function createModelServer(options: ModelServerOptions): ModelServer {
  const { modelsDir, pool } = options;
  const held = createLoadedModels(options.clock, options.maxLoaded);
  const elsewhere = new Map<string, WeightsPlace>();
  const told = new Map<string, CatalogueEntry>();
  let classical: Promise<readonly Model[]> | undefined;

  function builtIn(): Promise<readonly Model[]> {
    classical ??= import("../classical/classicalModels").then(({ classicalModels }) =>
      classicalModels((inputs, conditions) =>
        pool.run({ kind: "forecasting.classical", input: inputs, costMs: costOfClassical(inputs), ...conditions }),
      ),
    );
    return classical;
  }

  async function load(id: string, { backend = options.backend, from }: LoadHow = {}): Promise<LoadedModel> {
    if (from !== undefined) elsewhere.set(id, from);
    const place = elsewhere.get(id) ?? placeOf(modelsDir, id);
    return held.load(id, () => loadWeights(id, place, backend, options));
  }

  async function open(id: string): Promise<Model> {
    const own = (await builtIn()).find(({ traits }) => traits.id === id);
    if (own !== undefined) return id === AUTO ? auto(own) : own;
    const { traits } = (await load(id)).model;
    // Loaded again where it was taken away meanwhile.
    return { traits, forecast: async (query) => held.forecast(id, await load(id), query) };
  }

  /** Chooses among all models, of those with weights as many as may be in memory. */
  async function auto(own: Model): Promise<Model> {
    const installed = (await listModels(modelsDir)).slice(0, options.maxLoaded);
    if (installed.length === 0) return own;
    const { autoModel } = await import("./autoModel");
    const others = (await builtIn()).filter((model) => model !== own);
    return autoModel(own, [...others, ...(await Promise.all(installed.map((manifest) => open(manifest.id))))]);
  }

  /** Models are told of without their weights; each is looked at once. */
  async function catalogue(): Promise<CatalogueEntry[]> {
    const { builtInEntry, installedEntry } = await import("./catalogue");
    const entries = (await builtIn()).map(({ traits }) => builtInEntry(traits));
    for (const manifest of await listModels(modelsDir)) {
      const key = `${manifest.id} ${manifest.addedAt}`;
      const entry = told.get(key) ?? installedEntry(modelsDir, manifest);
      told.set(key, entry);
      entries.push(entry);
    }
    return entries;
  }

  return {
    catalogue,
    builtIn,
    open,
    load,
    unload: held.unload,
    loaded: held.ids,
    figures: held.figures,
    async stop() {
      await Promise.all(held.ids().map(held.unload));
    },
  };
}

async function loadWeights(
  id: string,
  { folder, weights }: WeightsPlace,
  backend: Backend,
  options: ModelServerOptions,
): Promise<LoadedModel> {
  const { pool, log } = options;
  const [{ openModelFolder }, { loadNeuralModel }] = await Promise.all([
    import("../inference/modelFolder"),
    import("../inference/loadNeuralModel"),
  ]);
  return loadNeuralModel(openModelFolder(folder, weights), {
    ...options,
    id,
    backend,
    writeInt8: (input) => pool.run({ kind: "forecasting.int8", input, costMs: INT8_COST_MS, priority: "batch" }),
    onCrash: (end) => log.write("error", "the process of a model crashed", { id, ...end }),
  });
}

/** Whichever wins. */
const AUTO = "auto";

/** Reading a checkpoint whole and writing a quarter of it. */
const INT8_COST_MS = 20_000;

function placeOf(modelsDir: string, id: string): WeightsPlace {
  try {
    const { weights } = findModel(modelsDir, id);
    return { folder: modelFolder(modelsDir, id), weights };
  } catch (error) {
    if (error instanceof UsageError) throw new RequestError(404, messageOf(error));
    throw error;
  }
}
