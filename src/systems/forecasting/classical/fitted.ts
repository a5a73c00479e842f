/** A model of one series, with its parameters found over the whole of it. */
export interface Fitted {
  /** What was chosen, such as `ETS(M,Ad,M)`, for people. */
  label: string;
  /** Numbers that were found from the series. */
  parameters: number;
  /**
   * What the model says of the `horizon` points after the first `seen` ones (1 to the length of the series), from the
   * states it had then.
   */
  forecast(seen: number, horizon: number): Float64Array;
}
