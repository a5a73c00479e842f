import type { Clock } from "../../../platform/clock";
import { messageOf, RequestError, UsageError } from "../../../platform/errors";
import type { ModelServer, WeightsPlace } from "../serving/modelServer";
import { modelError } from "./faults";
import { LocalPathError, localPlace } from "./localModels";
import type { OriginalModel } from "./names";
import type { Compat } from "./parameters";
import type { InitializedAnswer } from "./schema/answers";
import { type ModelState, readyModel, servedId, sourceOf, UNINITIALIZED } from "./states";
import type { Wanted } from "./wanted";
import type { WantedStore } from "./wantedStore";
import type { FetchWeights } from "./weights";

/** Initialises models, shuts them down, and knows where each is. */
export interface Lifecycle {
  state(model: OriginalModel): ModelState;
  /** Of every model that was ever asked for, by the part of its paths. */
  states(): ReadonlyMap<string, ModelState>;
  /** Loads a model, here and wherever the database is shared. @throws as {@link load} */
  initialize(model: OriginalModel, wanted: Wanted): Promise<InitializedAnswer>;
  /** Gives a model's memory back, here and wherever the database is shared; false where there was nothing to shut down. */
  shutdown(model: OriginalModel): Promise<boolean>;
  /** Loads a model here. @throws RequestError 409 while it is on its way; ServiceError when it cannot be loaded */
  load(model: OriginalModel, wanted: Wanted): Promise<InitializedAnswer>;
  /** Gives a model's memory back here. */
  unload(model: OriginalModel): Promise<boolean>;
  /** How often somebody began or ended a change. */
  changes(): number;
}

export interface LifecycleOptions {
  models: ModelServer;
  /** The folder of `local_model_path`. */
  localDir: string;
  compat: Compat;
  clock: Clock;
  wanted: WantedStore;
  /** Gets weights that are not here; absent where an initialization must not. */
  fetchWeights?: FetchWeights | undefined;
}

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { models, clock, fetchWeights, wanted: store } = options;
  const states = new Map<string, ModelState>();
  let changes = 0;
  const state = ({ path }: OriginalModel) => states.get(path) ?? UNINITIALIZED;

  /** @param keep what is done before the model counts as ready */
  async function begin(model: OriginalModel, wanted: Wanted, keep: () => Promise<void>): Promise<InitializedAnswer> {
    const { status, source, ready } = state(model);
    if (status === "initializing") throw new RequestError(409, "Model initialization already in progress");
    if (ready !== undefined) {
      return { message: `Model already initialized (${source})`, model_status: "ready", model_info: ready.info };
    }
    const begun: ModelState = { ...UNINITIALIZED, status: "initializing" };
    states.set(model.path, begun);
    const loading = { model, wanted, begun, keep, states, options };
    try {
      return await finish(loading);
    } catch (error) {
      if (fetchWeights === undefined || !isAbsent(error, wanted)) throw fail(loading, error);
      void changing(() => fetchThenFinish(loading, fetchWeights));
      const message = `Model download started (${sourceOf(wanted)}); GET status tells how far it is`;
      return { message, model_status: "initializing", model_info: null };
    }
  }

  async function unload(model: OriginalModel): Promise<boolean> {
    const { status, ready } = state(model);
    states.delete(model.path);
    if (ready !== undefined) await models.unload(servedId(ready.wanted));
    return status === "ready" || status === "initializing";
  }

  /** What comes while rows are read is noticed, whether it began or ended then. */
  async function changing<T>(change: () => Promise<T>): Promise<T> {
    changes++;
    return change().finally(() => changes++);
  }

  return {
    state,
    states: () => states,
    load: (model, wanted) => begin(model, wanted, async () => undefined),
    unload,
    changes: () => changes,
    initialize: (model, wanted) =>
      changing(() => begin(model, wanted, () => store.put(model.path, wanted, clock.now()))),
    shutdown: (model) =>
      changing(async () => {
        const wasWanted = await store.remove(model.path);
        const wasThere = await unload(model);
        return wasWanted || wasThere;
      }),
  };
}

/** A model on its way. */
interface Loading {
  model: OriginalModel;
  wanted: Wanted;
  /** Its state; another one is there when it was shut down meanwhile. */
  begun: ModelState;
  /** What is done before it counts as ready. */
  keep: () => Promise<void>;
  states: Map<string, ModelState>;
  options: LifecycleOptions;
}

async function finish({ model, wanted, begun, keep, states, options }: Loading): Promise<InitializedAnswer> {
  const { models, localDir, compat } = options;
  const made = await readyModel(models, wanted, placeOf(wanted, localDir), compat);
  if (states.get(model.path) !== begun) {
    // Whoever shut it down was answered: nothing is to be left in memory.
    await models.unload(servedId(wanted));
    throw new RequestError(409, "The model was shut down while it was initialized.");
  }
  await keep();
  const from = sourceOf(wanted);
  states.set(model.path, { ...UNINITIALIZED, status: "ready", source: from, ready: made });
  return { message: `Model initialized successfully from ${from}`, model_status: "ready", model_info: made.info };
}

/** The state tells how far it is, and how it went: nobody waits for it. */
async function fetchThenFinish(loading: Loading, fetchWeights: FetchWeights): Promise<void> {
  const { wanted, begun } = loading;
  try {
    await fetchWeights(wanted.checkpoint, (sentence) => {
      begun.progress = sentence;
    });
    await finish(loading);
  } catch (error) {
    fail(loading, error);
  }
}

/** What the caller is told of a failure, which is the model's state from now on. */
function fail({ model, wanted, begun, states, options }: Loading, error: unknown): unknown {
  if (states.get(model.path) === begun) {
    states.set(model.path, { ...UNINITIALIZED, status: "error", error: messageOf(error) });
  }
  return failureOf(error, wanted, options.compat);
}

function placeOf({ localPath }: Wanted, localDir: string): WeightsPlace | undefined {
  return localPath === undefined ? undefined : localPlace(localDir, localPath);
}

/** Whether a model of the library is not here. */
function isAbsent(error: unknown, { localPath }: Wanted): boolean {
  return localPath === undefined && error instanceof RequestError && error.status === 404;
}

/** In the original every failure is a 500. */
function failureOf(error: unknown, { localPath }: Wanted, compat: Compat): unknown {
  const known = error instanceof RequestError || error instanceof LocalPathError || error instanceof UsageError;
  if (!known) return error;
  const status = error instanceof RequestError || error instanceof LocalPathError ? error.status : 400;
  const details = { initialization_source: localPath === undefined ? "hf" : "local" };
  const message = `Model initialization failed: ${messageOf(error)}`;
  return modelError(compat === "newest" ? status : 500, message, details);
}
