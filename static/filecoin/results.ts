import type { OutputName } from "../../src/systems/filecoin/schema/series";

/** A series that studies of many runs are asked for. */
export interface Result {
  series: OutputName;
  title: string;
  unit: string;
  /** From the API's unit to the one shown. */
  factor: number;
}

export const RESULTS = [
  { series: "circ_supply", title: "Circulating supply", unit: "FIL", factor: 1 },
  { series: "network_RBP_EIB", title: "Raw power", unit: "EiB", factor: 1 },
  { series: "network_locked", title: "Locked", unit: "FIL", factor: 1 },
  { series: "1y_sector_roi", title: "One-year return", unit: "%", factor: 100 },
  { series: "day_network_reward", title: "Minted on the day", unit: "FIL/day", factor: 1 },
] as const satisfies readonly Result[];

export type ResultName = (typeof RESULTS)[number]["series"];

export const RESULT_NAMES = RESULTS.map(({ series }) => series);

export function resultOf(name: OutputName): Result {
  return RESULTS.find(({ series }) => series === name) ?? RESULTS[0];
}
