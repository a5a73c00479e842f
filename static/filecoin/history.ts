import { DEFAULT_LOCK_TARGET, type RateName } from "./scenario";

/** What `GET /historical-data/full` answers, as far as it is used here. */
export interface HistoricalData {
  source: string;
  start_date: string;
  current_date: string;
  /** By how many days the dates were moved, where they are not the true ones. */
  reanchored_by_days?: number;
  data: Record<string, number | number[]>;
}

export interface RateHistory {
  /** What a scenario takes where it does not say. */
  usual: number;
  median: number;
  low: number;
  high: number;
}

/** The last half year of each rate. The lock target of the history is the protocol's. */
export function rateHistories({ data }: HistoricalData): Record<RateName, RateHistory> {
  const of = (name: string): RateHistory => {
    const values = [...(data[name] as number[])].filter(Number.isFinite).sort((a, b) => a - b);
    const usual = data[`${name}_averaged_over_previous_30days`] as number;
    if (values.length === 0) return { usual, median: usual, low: usual, high: usual };
    return { usual, median: medianOfSorted(values), low: values[0]!, high: values.at(-1)! };
  };
  const lock = DEFAULT_LOCK_TARGET;
  return {
    rbp: of("raw_byte_power"),
    rr: of("renewal_rate"),
    fpr: of("filplus_rate"),
    lock: { usual: lock, median: lock, low: lock, high: lock },
  };
}

function medianOfSorted(values: readonly number[]): number {
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
