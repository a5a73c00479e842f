import type { FloatTensor } from "../../../platform/native/inference";

/** One row of a batch: what the graph is given for one series at one step. */
export interface Row {
  /** Inputs of this row alone, without the axis of the batch. */
  own: Readonly<Record<string, FloatTensor>>;
  /** Inputs that all rows of a batch share; rows with the same key and shapes may be batched. */
  shared: { key: string; inputs: () => Readonly<Record<string, FloatTensor>> };
  /** How much work the row is: the tokens that the network sees. */
  tokens: number;
  /** Aborted when nobody waits for the row any more. */
  signal?: AbortSignal | undefined;
}

/** The outputs of one row by name, without the axis of the batch. */
export type RowOutputs = Readonly<Record<string, Float32Array>>;

export type RunRow = (row: Row) => Promise<RowOutputs>;
