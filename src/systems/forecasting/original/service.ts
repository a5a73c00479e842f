import { RequestError } from "../../../platform/errors";
import type { ModelServer } from "../serving/modelServer";
import { ORIGINAL_VERSION } from "./about";
import { createConvergence } from "./converge";
import { type InferOptions, infer } from "./infer";
import { createLifecycle, type LifecycleOptions } from "./lifecycle";
import type { TrackedRun, Tracker } from "./mlflow";
import { FIRST_MODEL, type OriginalModel } from "./names";
import type { InferenceAnswer, InitializedAnswer, StatusAnswer } from "./schema/answers";
import { type Inference, type Initialization, initialization, wideInitialization } from "./schema/requests";
import { detailsOf, type ModelState, type ReadyModel } from "./states";
import type { Wanted } from "./wanted";

/** What the original's routes ask for. */
export interface OriginalService {
  /** What the body of an initialization must be, which depends on how far the model looks. */
  initializationOf(model: OriginalModel): typeof initialization;
  initialize(model: OriginalModel, asked: Initialization): Promise<InitializedAnswer>;
  status(model: OriginalModel): StatusAnswer;
  infer(model: OriginalModel, request: Inference, how: InferHow): Promise<InferenceAnswer>;
  shutdown(model: OriginalModel): Promise<{ message: string }>;
  /** What `/health` tells beside the state of the service. */
  /** Goes on with what was wanted before a start, and with what others that share the database want. */
  converge(): Promise<void>;
  health(): OriginalHealth;
  /** The same for one model alone. */
  healthOf(model: OriginalModel): OriginalHealth & { status: string };
}

interface InferHow {
  signal: AbortSignal;
  /** Whether the run is recorded, where there is somebody to record it. */
  records: boolean;
}

interface OriginalHealth {
  timestamp: string;
  api_version: string;
  models: Record<string, { status: string; error: string | null }>;
}

export interface OriginalServiceOptions extends LifecycleOptions, InferOptions {
  /** Absent where runs are not recorded. */
  track?: Tracker | undefined;
  /** How the original's model is initialised where a request leaves it open. */
  defaults: Omit<Wanted, "checkpoint"> & { checkpoint: string | undefined };
}

export function createOriginalService(options: OriginalServiceOptions): OriginalService {
  const lifecycle = createLifecycle(options);
  const healthOf = (states: ReadonlyMap<string, ModelState>): OriginalHealth => ({
    timestamp: localTime(options.clock.now()),
    api_version: ORIGINAL_VERSION,
    models: Object.fromEntries([...states].map(([path, { status, error }]) => [path, { status, error }])),
  });
  return {
    converge: createConvergence(lifecycle, options.wanted),
    initializationOf: (model) => (model.path === FIRST_MODEL.path ? initialization : wideInitialization),
    initialize: (model, asked) => lifecycle.initialize(model, wantedOf(model, asked, options.defaults)),
    status(model) {
      const state = lifecycle.state(model);
      return { model_status: state.status, details: detailsOf(state) };
    },
    async infer(model, request, { signal, records }) {
      const { status, ready } = lifecycle.state(model);
      if (ready !== undefined) {
        const answer = await infer(ready, request, options, signal);
        if (records) void options.track?.(() => runOf(model, ready, answer, options.models));
        return answer;
      }
      const message = `Model not initialized. Status: ${status}. Please call /initialization first.`;
      throw new RequestError(409, message);
    },
    async shutdown(model) {
      const isDone = await lifecycle.shutdown(model);
      return {
        message: isDone ? "Model shut down successfully" : "Model was not initialized or already shut down",
      };
    },
    health: () => healthOf(new Map([[FIRST_MODEL.path, lifecycle.state(FIRST_MODEL)], ...lifecycle.states()])),
    healthOf: (model) => ({ status: "healthy", ...healthOf(new Map([[model.path, lifecycle.state(model)]])) }),
  };
}

/** Parameters, timings and the digest of the weights. */
async function runOf(
  model: OriginalModel,
  { wanted, info }: ReadyModel,
  { prediction, execution_metadata: times, visualization_data: shown }: InferenceAnswer,
  models: ModelServer,
): Promise<TrackedRun> {
  const digest = (await models.catalogue()).find(({ id }) => id === wanted.checkpoint)?.digest;
  return {
    model: model.path,
    params: {
      checkpoint: wanted.localPath ?? wanted.checkpoint,
      digest: digest ?? "none",
      backend: info.backend,
      method: prediction.method,
      context_len: String(shown.historical_data.length),
      horizon_len: String(prediction.metadata.forecast_length),
    },
    metrics: {
      total_time_seconds: times.total_time_seconds,
      execution_time_seconds: times.execution_time_seconds,
    },
  };
}

function wantedOf(model: OriginalModel, asked: Initialization, defaults: OriginalServiceOptions["defaults"]): Wanted {
  const isFirst = model.path === FIRST_MODEL.path;
  const own = isFirst ? defaults.checkpoint : undefined;
  const ownPath = isFirst && asked.checkpoint === undefined ? defaults.localPath : undefined;
  return {
    backend: asked.backend ?? defaults.backend,
    contextLen: asked.context_len ?? defaults.contextLen,
    horizonLen: asked.horizon_len ?? defaults.horizonLen,
    checkpoint: asked.checkpoint ?? own ?? model.id,
    localPath: asked.local_model_path ?? ownPath,
  };
}

/** ISO 8601 in this machine's own time, without a zone. */
function localTime(timeMs: number): string {
  const zoneMs = new Date(timeMs).getTimezoneOffset() * 60_000;
  return new Date(timeMs - zoneMs).toISOString().slice(0, -1);
}
