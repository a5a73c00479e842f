import type { Clock } from "../../../platform/clock";
import type { ChildEnd } from "../../../platform/compute/childProcess";
import { RequestError } from "../../../platform/errors";
import { createInference, type Graph } from "../../../platform/native/inference";
import type { Provider } from "../../../platform/native/inferenceProtocol";
import type { Forecast, ForecastQuery, Model, ModelTraits, Series } from "../model";
import type { GraphForm, Network } from "../models/network";
import { createRowQueue } from "./rowQueue";
import { scaledDown, scaledUp } from "./scale";
import { inTokenWindow } from "./tokenWindow";

export interface NeuralModelOptions {
  id: string;
  network: Network;
  /** Where the network's checkpoint lies. */
  folder: string;
  provider: Provider;
  /** In what form the graph is assembled; whole and in f32 where absent. */
  form?: GraphForm;
  /** Threads that a batch is computed on; 0 takes every core. */
  threads: number;
  clock: Clock;
  batchWaitMs: number;
  batchTokens: number;
  maxWaitingRows: number;
  runTimeoutMs: number;
  /** The program that children are started from; itself where absent. */
  command?: readonly string[];
  environment?: Record<string, string | undefined>;
  onCrash?: (end: ChildEnd) => void;
}

/** A network in a child process of its own. */
export interface NeuralModel extends Model {
  /** Loads the weights, so that the first forecast need not. @throws RequestError as a forecast does. */
  load(): Promise<{ loadMs: number }>;
  figures(): NeuralModelFigures;
  /** Ends the child: all memory of the weights is given back. */
  unload(): Promise<void>;
}

export interface NeuralModelFigures {
  state: "asleep" | "starting" | "ready" | "stopped";
  pid: number | undefined;
  crashes: number;
  waiting: number;
  batches: number;
  rows: number;
}

export function createNeuralModel(options: NeuralModelOptions): NeuralModel {
  const { id, network, clock } = options;
  const inference = createInference({
    name: id,
    clock,
    runTimeoutMs: options.runTimeoutMs,
    ...(options.command && { command: options.command }),
    ...(options.onCrash && { onCrash: options.onCrash }),
    ...(options.environment && { environment: options.environment }),
  });
  let assembled: Graph | undefined;
  const graph = (): Graph => {
    const { folder, provider, threads } = options;
    assembled ??= { key: "network", model: network.graph(options.form), folder, provider, threads };
    return assembled;
  };
  const queue = createRowQueue({
    clock,
    batchWaitMs: options.batchWaitMs,
    batchTokens: options.batchTokens,
    maxWaiting: options.maxWaitingRows,
    runBatch: (inputs) => inference.run(graph(), inputs),
  });

  async function forecast({ series, ...query }: ForecastQuery): Promise<Forecast[]> {
    refuseUnfit(network, query);
    refuseEmpty(series);
    const forecaster = network.forecaster(query, queue.run);
    const one = async (single: Series) => {
      const { series: scaled, divisor } = scaledDown(single);
      return scaledUp(await forecaster(scaled), divisor);
    };
    const tokensOf = (single: Series) => network.tokensOf(single, query);
    return inTokenWindow(series, { tokensOf, maxTokens: 2 * options.batchTokens, signal: query.signal }, one);
  }

  return {
    traits: traitsOf(id, network),
    forecast,
    load: () => inference.open(graph()),
    figures() {
      const { state, pid, crashes } = inference.status();
      return { state, pid, crashes, ...queue.figures() };
    },
    async unload() {
      await inference.stop();
    },
  };
}

function traitsOf(id: string, network: Network): ModelTraits {
  const { family, title, levels, maxContext, maxHorizon, runHorizon, fittedFrom } = network;
  return { id, family, title, levels, maxContext, maxHorizon, runHorizon, fittedFrom };
}

function refuseEmpty(series: readonly Series[]): void {
  const empty = series.findIndex(({ values }) => values.length === 0);
  if (empty < 0) return;
  throw new RequestError(422, `Series ${empty} has no points; at least one is needed.`, {
    faults: [{ path: ["series", empty], expected: "at least one point", got: "none" }],
  });
}

function refuseUnfit({ maxHorizon }: Network, { horizon }: Omit<ForecastQuery, "series">): void {
  if (Number.isInteger(horizon) && horizon >= 1 && horizon <= maxHorizon) return;
  throw new RequestError(422, `This model forecasts 1 to ${maxHorizon} steps; got ${horizon}.`, {
    faults: [{ path: ["horizon"], expected: `1 to ${maxHorizon}`, got: String(horizon) }],
  });
}
