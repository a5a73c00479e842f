import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Resource } from "../common/load";
import type { HistoricalData, RateHistory } from "./history";
import type { Latest } from "./latest";
import type { Pin } from "./pins";
import type { RateName, Scenario } from "./scenario";
import type { Run } from "./simulate";

/** What all parts of the page look at. */
export interface Sight {
  scenario: Scenario;
  /** The run of the scenario with the series of the four charts. */
  run: Latest<Run>;
  pins: readonly Pin[];
  history: Resource<HistoricalData>;
  /** The rates of the history, as soon as they are here. */
  histories: Record<RateName, RateHistory> | undefined;
}

export const SightContext = createContext<Sight | undefined>(undefined);

export function useSight(): Sight {
  return useContext(SightContext)!;
}
