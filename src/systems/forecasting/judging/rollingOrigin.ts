import { RequestError } from "../../../platform/errors";

export interface Windows {
  horizon: number;
  windows: number;
  /** Points between one cut-off and the next. */
  step: number;
}

/**
 * The numbers of points that are known at each window's cut-off, rising; the last window ends at the last point.
 * @throws RequestError 422 for a series that is too short, with the points needed and present
 */
export function cutoffsOf(length: number, { horizon, windows, step }: Windows): number[] {
  if (!(horizon >= 1 && windows >= 1 && step >= 1)) {
    throw new RequestError(422, `horizon ${horizon}, windows ${windows} and step ${step} must each be at least 1.`);
  }
  const needed = horizon + step * (windows - 1) + 1;
  if (length < needed) {
    const told = `horizon ${horizon} + step ${step} x ${windows - 1} + 1`;
    throw new RequestError(422, `A backtest needs ${needed} points (${told}); the series has ${length}.`);
  }
  return Array.from({ length: windows }, (_, window) => length - horizon - step * (windows - 1 - window));
}
