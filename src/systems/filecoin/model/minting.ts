import { BASELINE_ALLOCATION_FIL, BASELINE_GROWTH, MINTING_DECAY, SIMPLE_ALLOCATION_FIL } from "./constants";

/** Minting by day from the start date; docs/filecoin.md, "Minting". */
export interface MintingSeries {
  /** The smaller of raw power and baseline, EiB. */
  cappedEib: Float64Array;
  /** Its running sum, EiB days. */
  cumCappedEib: Float64Array;
  /** Network time: the day by which the baseline alone would have reached that sum. */
  networkTimeDays: Float64Array;
  /** Minted so far by power, FIL. */
  baselineFil: Float64Array;
  /** Minted so far in all, FIL. */
  cumFil: Float64Array;
  /** Minted on the day, FIL. */
  perDayFil: Float64Array;
}

/** Room for `totalDays` from the start date. */
export function mintingSeries(totalDays: number): MintingSeries {
  const whole = () => new Float64Array(totalDays);
  return {
    cappedEib: whole(),
    cumCappedEib: whole(),
    networkTimeDays: whole(),
    baselineFil: whole(),
    cumFil: whole(),
    perDayFil: whole(),
  };
}

/** The protocol's baseline in EiB from a first day on: it doubles every year. */
export function protocolBaseline(atStartEib: number, days: number): Float64Array {
  return new Float64Array(days).map((_, i) => atStartEib * Math.exp(BASELINE_GROWTH * i));
}

/** FIL minted by the clock alone, up to each day since launch. */
export function simpleMinting(dayNumbers: Float64Array): Float64Array {
  return dayNumbers.map((day) => SIMPLE_ALLOCATION_FIL * (1 - Math.exp(-MINTING_DECAY * day)));
}

/** Network time in days for a running sum of capped power. */
function networkTime(cumCappedEib: number, atLaunchEib: number): number {
  return Math.log(1 + (BASELINE_GROWTH * cumCappedEib) / atLaunchEib) / BASELINE_GROWTH;
}

/**
 * Fills days `from` to `to - 1`; the days before are filled already, or `from` is 0 and the sum begins with
 * `cumCappedAtStartEib`. `atLaunchEib` is the baseline on launch day. The first day has no day before it: its own minting is filled as that of the second.
 */
export function mint(
  rawEib: Float64Array,
  baselineEib: Float64Array,
  simpleFil: Float64Array,
  cumCappedAtStartEib: number,
  atLaunchEib: number,
  from: number,
  to: number,
  out: MintingSeries,
): void {
  const { cappedEib, cumCappedEib, networkTimeDays, baselineFil, cumFil, perDayFil } = out;
  let sum = from === 0 ? cumCappedAtStartEib : cumCappedEib[from - 1]!;
  let before = from === 0 ? 0 : cumFil[from - 1]!;
  for (let i = from; i < to; i++) {
    const capped = Math.min(baselineEib[i]!, rawEib[i]!);
    sum += capped;
    const time = networkTime(sum, atLaunchEib);
    const byBaseline = BASELINE_ALLOCATION_FIL * (1 - Math.exp(-MINTING_DECAY * time));
    const minted = simpleFil[i]! + byBaseline;
    cappedEib[i] = capped;
    cumCappedEib[i] = sum;
    networkTimeDays[i] = time;
    baselineFil[i] = byBaseline;
    cumFil[i] = minted;
    perDayFil[i] = minted - before;
    before = minted;
  }
  if (from === 0 && to > 1) perDayFil[0] = perDayFil[1]!;
}
