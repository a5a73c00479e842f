import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { BacktestAnswer } from "../../src/systems/forecasting/native/schema/answer";
import type { Asked } from "./asked";
import type { Task } from "./forecast";
import type { ShownForecasts } from "./use-forecasts";

/** What all parts of the page look at. */
export interface Sight {
  /** For people. */
  title: string;
  task: Task;
  /** The latest forecasts; those of the task before while new ones are awaited. */
  shown: ShownForecasts | undefined;
  /** How good the chosen model would have been. */
  verdict: Asked<BacktestAnswer>;
}

export const SightContext = createContext<Sight | undefined>(undefined);

/** What the page shows; parts that use it are drawn only once the series is here. */
export function useSight(): Sight {
  return useContext(SightContext)!;
}
