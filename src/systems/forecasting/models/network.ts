import type { Checkpoint } from "../checkpoint/checkpoint";
import type { RunRow } from "../inference/row";
import type { Forecast, ForecastQuery, ModelTraits, Series } from "../model";

/** A network whose weights are in a checkpoint: its graph, and how a series is decoded with it. */
export interface Network extends Omit<ModelTraits, "id"> {
  /** Assembles the graph that its rows are run on: one for everything, since each holds the weights anew. */
  graph: () => Uint8Array;
  /**
   * How each series of a query is forecast.
   * @throws RequestError 422 when the query asks for what the network does not take.
   */
  forecaster(query: Omit<ForecastQuery, "series">, run: RunRow): (series: Series) => Promise<Forecast>;
  /** Tokens that one series may have in flight at once, which bounds how far ahead of the batches it is prepared. */
  tokensOf(series: Series, query: Omit<ForecastQuery, "series">): number;
}

/** A kind of network that is understood. */
export interface Family {
  name: string;
  /** Whether the names of the tensors, or the configuration, are this family's. */
  matches(checkpoint: Checkpoint, config: unknown): boolean;
  /** @throws UsageError when sizes contradict each other or a tensor is missing. */
  open(checkpoint: Checkpoint, config: unknown): Network;
}
