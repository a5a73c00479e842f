import type { Clock } from "../../../platform/clock";
import { RequestError } from "../../../platform/errors";
import type { LoadedModel } from "../inference/loadNeuralModel";
import type { NeuralModelFigures } from "../inference/neuralModel";
import type { Forecast, ForecastQuery } from "../model";

/** Models whose weights are in memory, of which there are never more than a few. */
export interface LoadedModels {
  /** What is loaded under an id already, else what `loadNow` gives. @throws RequestError 503 where there is no room. */
  load(id: string, loadNow: () => Promise<LoadedModel>): Promise<LoadedModel>;
  /** A forecast by what is loaded under that id: it is not taken away meanwhile. */
  forecast(id: string, loaded: LoadedModel, query: ForecastQuery): Promise<Forecast[]>;
  /** Gives all memory of a model back; false where it was not loaded. */
  unload(id: string): Promise<boolean>;
  /** Ids, those among them that are on their way. */
  ids(): string[];
  /** What the processes of those that are there are at, by id. */
  figures(): Record<string, NeuralModelFigures>;
}

interface Held {
  loading: Promise<LoadedModel>;
  loaded?: LoadedModel;
  /** Forecasts that are being made. */
  inUse: number;
  usedAt: number;
}

export function createLoadedModels(clock: Clock, maxLoaded: number): LoadedModels {
  const held = new Map<string, Held>();

  async function load(id: string, loadNow: () => Promise<LoadedModel>): Promise<LoadedModel> {
    const known = held.get(id);
    if (known !== undefined) return known.loading;
    const gone = makeRoom();
    const loading = gone.then(loadNow);
    const entry: Held = { loading, inUse: 0, usedAt: clock.now() };
    held.set(id, entry);
    loading.then(
      (loaded) => {
        entry.loaded = loaded;
      },
      () => {
        if (held.get(id) === entry) held.delete(id);
      },
    );
    return loading;
  }

  /** Where the most models are loaded, takes away the one that was not used for longest. */
  async function makeRoom(): Promise<void> {
    if (held.size < maxLoaded) return;
    const [idle] = [...held].filter(([, { inUse }]) => inUse === 0).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (idle !== undefined) return void (await unload(idle[0]));
    const detail = `${held.size} models are in memory and in use; the limit is ${maxLoaded} (FORECAST_MAX_LOADED).`;
    throw new RequestError(503, `${detail} Try again later.`, { retryAfterS: 5 });
  }

  async function unload(id: string): Promise<boolean> {
    const entry = held.get(id);
    if (entry === undefined) return false;
    held.delete(id);
    const loaded = await entry.loading.catch(() => undefined);
    await loaded?.model.unload();
    return true;
  }

  async function forecast(id: string, { model }: LoadedModel, query: ForecastQuery): Promise<Forecast[]> {
    const entry = held.get(id);
    if (entry === undefined) return model.forecast(query);
    entry.inUse++;
    entry.usedAt = clock.now();
    try {
      return await model.forecast(query);
    } finally {
      entry.inUse--;
    }
  }

  function figures(): Record<string, NeuralModelFigures> {
    const there = [...held].flatMap(([id, { loaded }]) => (loaded === undefined ? [] : [[id, loaded.model.figures()]]));
    return Object.fromEntries(there);
  }

  return { load, forecast, unload, ids: () => [...held.keys()], figures };
}
