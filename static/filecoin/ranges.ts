import { useStore } from "../common/store";
import { type Codec, urlStore } from "../common/url-state";
import type { RateHistory } from "./history";
import { INPUTS, type RateName } from "./scenario";

/** Inputs that studies vary, by the API's names. */
export const VARIED = {
  rbp: { ...INPUTS.rbp, step: 0.1 },
  rr: INPUTS.rr,
  fpr: INPUTS.fpr,
  lock_target: INPUTS.lock,
  sector_duration_days: INPUTS.sector,
} as const;

export type VariedName = keyof typeof VARIED;

export const VARIED_NAMES = Object.keys(VARIED) as VariedName[];

export interface Range {
  low: number;
  high: number;
}

/** For those without a history of their own. */
const USUAL_RANGES: Partial<Record<VariedName, Range>> = {
  lock_target: { low: 0.1, high: 0.5 },
  sector_duration_days: { low: 180, high: 1278 },
};

/** The range that somebody set in the page, or what the history suggests: its own, to two digits. */
export function useRange(name: VariedName, histories: Record<RateName, RateHistory> | undefined): Range | undefined {
  const set = useStore(rangeStore(name));
  if (set !== null) return set;
  const usual = USUAL_RANGES[name];
  const history = histories?.[name as RateName];
  if (usual !== undefined || history === undefined) return usual;
  const [low, high] = [Number(history.low.toPrecision(2)), Number(history.high.toPrecision(2))];
  return low < high ? { low, high } : { low: VARIED[name].min, high: VARIED[name].max };
}

/** One range for all studies of the page. */
export function rangeStore(name: VariedName) {
  const { min, max } = VARIED[name];
  const codec: Codec<Range | null> = {
    fallback: null,
    read(text) {
      const [low, high] = text.split("..").map(Number);
      return low! >= min && high! <= max && low! < high! ? { low: low!, high: high! } : undefined;
    },
    write: (range) => (range === null ? "" : `${range.low}..${range.high}`),
  };
  return urlStore<Range | null>(`range.${name}`, codec);
}
