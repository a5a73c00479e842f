import type { Backend, LoadedModel } from "../inference/loadNeuralModel";
import type { Model } from "../model";
import type { ModelServer, WeightsPlace } from "../serving/modelServer";
import type { Compat } from "./parameters";
import type { ModelInfo, ModelStatus } from "./schema/answers";
import type { Wanted } from "./wanted";

/** Where a model of the original's routes is in its life. */
export interface ModelState {
  status: ModelStatus;
  /** Where it came from, such as `hf:google/timesfm-2.0-500m-pytorch`. */
  source: string | null;
  error: string | null;
  /** How far it is on its way; null where nothing is to be said. */
  progress: string | null;
  ready: ReadyModel | undefined;
}

export interface ReadyModel {
  wanted: Wanted;
  model: Model;
  info: ModelInfo;
}

export const UNINITIALIZED: ModelState = {
  status: "uninitialized",
  source: null,
  error: null,
  progress: null,
  ready: undefined,
};

export function sourceOf({ checkpoint, localPath }: Wanted): string {
  return localPath === undefined ? `hf:${checkpoint}` : `local:${localPath}`;
}

/** What `details` of a status says; null where there is nothing to say. */
export function detailsOf({ source, error, progress }: ModelState): string | null {
  const parts = [source && `Source: ${source}`, progress, error && `Error: ${error}`].filter(Boolean);
  return parts.length === 0 ? null : parts.join(". ");
}

const BATCH_SIZES: Record<Backend, number> = { cpu: 1, gpu: 8 };

/** Loads what is wanted. @throws RequestError when it is not there or cannot be loaded */
export async function readyModel(
  models: ModelServer,
  wanted: Wanted,
  from: WeightsPlace | undefined,
  compat: Compat,
): Promise<ReadyModel> {
  const id = from === undefined ? wanted.checkpoint : sourceOf(wanted);
  const isBuiltIn = from === undefined && (await models.builtIn()).some(({ traits }) => traits.id === id);
  const loaded = isBuiltIn ? undefined : await models.load(id, loadHow(wanted, from));
  const model = await models.open(id);
  return { wanted, model, info: infoOf(wanted, model, loaded, compat) };
}

function loadHow({ backend }: Wanted, from: WeightsPlace | undefined) {
  return { backend: backend === "gpu" ? ("gpu" as const) : ("cpu" as const), ...(from && { from }) };
}

/** Under which id the server knows it. */
export function servedId(wanted: Wanted): string {
  return wanted.localPath === undefined ? wanted.checkpoint : sourceOf(wanted);
}

function infoOf(wanted: Wanted, { traits }: Model, loaded: LoadedModel | undefined, compat: Compat): ModelInfo {
  const backend = loaded?.backend ?? "cpu";
  const { localPath, checkpoint } = wanted;
  return {
    status: "loaded",
    backend,
    context_len: wanted.contextLen,
    horizon_len: wanted.horizonLen,
    batch_size: BATCH_SIZES[backend],
    num_layers: loaded?.layers ?? 0,
    positional_embedding: traits.family === "timesfm-1.0",
    capabilities: { basic_forecasting: true, quantile_forecasting: true, covariates_support: true },
    ...(localPath === undefined ? { checkpoint } : { local_model_path: localPath }),
    ...(compat === "newest" && furtherInfo(wanted, loaded)),
  };
}

/** What the original does not tell. */
function furtherInfo(wanted: Wanted, loaded: LoadedModel | undefined): Partial<ModelInfo> {
  const noTpu = wanted.backend === "tpu" ? ["There is no TPU; the CPU is used."] : [];
  const warnings = [...noTpu, ...(loaded?.warnings ?? []).map(({ message }) => message)];
  const device = loaded?.device ?? "CPU";
  return { source: sourceOf(wanted), device, ...(warnings.length > 0 && { warnings }) };
}
