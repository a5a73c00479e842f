import { BASELINE_ALLOCATION_FIL, BASELINE_GROWTH, MINTING_DECAY, SIMPLE_ALLOCATION_FIL } from "./constants";

/** What each day adds; docs/filecoin.md, "Minting without cancellation". */
export interface MintingIncrements {
  simpleFil: Float64Array;
  networkTimeDays: Float64Array;
  baselineFil: Float64Array;
}

/**
 * Fills days `from` to `to - 1` (`from` at least 1) with what each adds to simple minting, network time and baseline
 * minting. The same figures as the differences of the running totals, but no large numbers are subtracted: in 32 bits
 * the difference of two totals near 4e8 FIL keeps three digits, these forms keep six.
 *
 * This is what kernels in 32 bits implement. They have no `log1p` and `expm1` worth the name: their arguments here are
 * below 0.01, where a short series does.
 *
 * @param dayNumbers days since launch
 * @param cappedEib capped power of each day
 * @param cumCappedEib its running sum; entry `from - 1` and on
 * @param networkTimeDays network time; entry `from - 1` and on
 * @param atLaunchEib the baseline on launch day
 */
export function mintingIncrements(
  dayNumbers: Float64Array,
  cappedEib: Float64Array,
  cumCappedEib: Float64Array,
  networkTimeDays: Float64Array,
  atLaunchEib: number,
  from: number,
  to: number,
  out: MintingIncrements,
): void {
  const simpleShare = SIMPLE_ALLOCATION_FIL * -Math.expm1(-MINTING_DECAY);
  for (let i = from; i < to; i++) {
    const growth = (BASELINE_GROWTH * cappedEib[i]!) / (atLaunchEib + BASELINE_GROWTH * cumCappedEib[i - 1]!);
    const timeStep = Math.log1p(growth) / BASELINE_GROWTH;
    const toMint = BASELINE_ALLOCATION_FIL * Math.exp(-MINTING_DECAY * networkTimeDays[i - 1]!);
    out.simpleFil[i] = simpleShare * Math.exp(-MINTING_DECAY * dayNumbers[i - 1]!);
    out.networkTimeDays[i] = timeStep;
    out.baselineFil[i] = toMint * -Math.expm1(-MINTING_DECAY * timeStep);
  }
}
