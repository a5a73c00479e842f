/** The quantiles of all bands. */
export const BAND_SHARES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** What came of the runs so far. What is no number is NaN. */
export interface BatchFigures {
  /** How many runs are in these figures. */
  done: number;
  bands: Bands | undefined;
  /** One value for each output, point day and run, the run fastest. */
  points: Float64Array;
  /** One value for each kept run, output and sampled day, the day fastest. */
  kept: Float64Array;
  /** Of each output, how many values on sampled or point days are no numbers. */
  notNumbers: Int32Array;
  ran: RunRecord;
}

/** Who did the runs, and how long it took. */
export interface RunRecord {
  engine: "cpu-f64" | "gpu-f32";
  /** The card, where one did them. */
  adapter?: string;
  /** Runs that were done at once. */
  chunkRuns?: number;
  /** Runs that were done again in 64 bits. */
  redoneRuns?: number;
  /** Milliseconds of each part, `total` among them. */
  milliseconds?: Record<string, number>;
  /** Sentences on why it went otherwise than asked. */
  notes: readonly string[];
}

/** Quantiles and means over the runs that have a number on a day. */
export interface Bands {
  /** One value for each output, sampled day and share of `BAND_SHARES`, the share fastest. */
  values: Float64Array;
  /** The mean for each output and sampled day. Values in a histogram count as the middle of their bin. */
  means: Float64Array;
  method: "exact" | "histogram";
  /**
   * For each output a bound on how far any of its quantiles is from the exact one, beyond the rounding of values to 32
   * bits; 0 for the exact method, infinite where a quantile lies outside of the histogram.
   */
  errors: Float64Array;
}
