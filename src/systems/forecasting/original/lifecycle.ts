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
}

export function createLifecycle({ models, localDir, compat, clock, wanted: store }: LifecycleOptions): Lifecycle {
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
    try {
      const made = await readyModel(models, wanted, placeOf(wanted, localDir), compat);
      // Shut down meanwhile: whoever did so was answered, and nothing is to be left in memory.
      if (states.get(model.path) !== begun) return abandon(made.wanted);
      await keep();
      const from = sourceOf(wanted);
      states.set(model.path, { ...UNINITIALIZED, status: "ready", source: from, ready: made });
      return { message: `Model initialized successfully from ${from}`, model_status: "ready", model_info: made.info };
    } catch (error) {
      const failure = failureOf(error, wanted, compat);
      if (states.get(model.path) === begun) {
        states.set(model.path, { ...UNINITIALIZED, status: "error", error: messageOf(error) });
      }
      throw failure;
    }
  }

  async function abandon(wanted: Wanted): Promise<never> {
    await models.unload(servedId(wanted));
    throw new RequestError(409, "The model was shut down while it was initialized.");
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

function placeOf({ localPath }: Wanted, localDir: string): WeightsPlace | undefined {
  return localPath === undefined ? undefined : localPlace(localDir, localPath);
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
