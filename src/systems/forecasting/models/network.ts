import type { Checkpoint } from "../checkpoint/checkpoint";
import type { Int8Weights } from "../checkpoint/int8";
import type { RunRow } from "../inference/row";
import type { Forecast, ForecastQuery, ModelTraits, Series } from "../model";

/** A network whose weights are in a checkpoint: its graph, and how a series is decoded with it. */
export interface Network extends Omit<ModelTraits, "id"> {
  /** Blocks that follow each other, as its publisher counts them. */
  layers: number;
  /** Assembles the graph that its rows are run on: one for everything, since each holds the weights anew. */
  graph: (form?: GraphForm) => Uint8Array;
  /** The weights that are most of the work, of those that {@link GraphForm.int8} may stand in for. */
  int8Weights: readonly string[];
  /**
   * How each series of a query is forecast.
   * @throws RequestError 422 when the query asks for what the network does not take.
   */
  forecaster(query: Omit<ForecastQuery, "series">, run: RunRow): (series: Series) => Promise<Forecast>;
  /** Tokens that one series may have in flight at once, which bounds how far ahead of the batches it is prepared. */
  tokensOf(series: Series, query: Omit<ForecastQuery, "series">): number;
}

/** In what form a graph is assembled: by default whole, and in f32. */
export interface GraphForm {
  /** So many layers at most, for a quick look at how they are computed. */
  layers?: number;
  /** Weights of 8 bits that stand in the place of the checkpoint's. */
  int8?: Int8Weights;
}

/** A kind of network that is understood. */
export interface Family {
  name: string;
  /** Whether the names of the tensors, or the configuration, are this family's. */
  matches(checkpoint: Checkpoint, config: unknown): boolean;
  /** @throws UsageError when sizes contradict each other or a tensor is missing. */
  open(checkpoint: Checkpoint, config: unknown): Network;
}
