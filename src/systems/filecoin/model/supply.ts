import type { MeasuredStocks } from "../history/measured";
import type { HistorySnapshot } from "../history/snapshot";
import type { SupplyBase } from "../scenario";
import {
  LOCKED_REWARD_SHARE,
  MAX_PLEDGE_FIL_PER_PIB,
  PIB_PER_EIB,
  RESERVE_DISBURSED_FIL,
  STORAGE_PLEDGE_DAYS,
} from "./constants";

/** Pledge, locked stocks and supply by day from the start date, FIL; docs/filecoin.md, "Pledge and supply". */
export interface SupplySeries {
  lockedPledgePerDay: Float64Array;
  renewedPledgePerDay: Float64Array;
  lockedPledge: Float64Array;
  lockedReward: Float64Array;
  locked: Float64Array;
  circulating: Float64Array;
  available: Float64Array;
}

/** The rules of consensus pledge by day from the start date. */
export interface PledgeControls {
  renewalRate: Float64Array;
  lockTarget: Float64Array;
  gamma: Float64Array;
  /** 0 arithmetic, 1 geometric, 2 harmonic. */
  gammaWeighting: Uint8Array;
}

/** What supply follows from, by day from the start date. */
export interface SupplyInputs {
  controls: PledgeControls;
  qaEib: Float64Array;
  onboardedQaPib: Float64Array;
  renewedQaPib: Float64Array;
  baselineEib: Float64Array;
  mintedPerDayFil: Float64Array;
  mintedFil: Float64Array;
  vestedFil: Float64Array;
  burntFil: Float64Array;
  history: HistorySnapshot;
  historyDays: number;
  /** Burnt beside that so far, FIL: asked once for each day in turn, when the supply of the day before is known. */
  policyBurntFil?: (day: number) => number;
  /** Share of each day's reward that block winners get; all where absent. */
  consensusShare?: Float64Array;
  /** Whether no more pledge falls due than is locked. */
  releasesWhatExists: boolean;
  /** Days by which what is locked of rewards decays. */
  unlockDays: number;
  /** What was measured beyond what these inputs come to on the last measured day, FIL. */
  offsetFil: number;
  /** Stocks that stand in for the reconstructed ones on the days on which they are known. */
  measured?: MeasuredStocks;
  /** Pledge that falls due as a share of the stock, in place of the table and the life of sectors. */
  pledgeHazard?: PledgeHazard;
}

/** How pledge falls due each day: docs/filecoin.md, "Attrition". */
export interface PledgeHazard {
  /** Share of what is locked as pledge. */
  dueShare: number;
  /** Share of it that is kept, by day from the start date. */
  keptShare: Float64Array;
}

/** Room for `totalDays` from the start date. */
export function supplySeries(totalDays: number): SupplySeries {
  const whole = () => new Float64Array(totalDays);
  return {
    lockedPledgePerDay: whole(),
    renewedPledgePerDay: whole(),
    lockedPledge: whole(),
    lockedReward: whole(),
    locked: whole(),
    circulating: whole(),
    available: whole(),
  };
}

/** Fills the start date; `rewardFil` is how much of what is locked then counts as reward. */
export function openSupply(history: HistorySnapshot, rewardFil: number, out: SupplySeries): void {
  out.lockedPledge[0] = history.lockedAtStartFil - rewardFil;
  out.lockedReward[0] = rewardFil;
  out.locked[0] = history.lockedAtStartFil;
  out.circulating[0] = history.circulatingAtStartFil;
  out.available[0] = history.circulatingAtStartFil;
}

/**
 * Fills days `from` to `to - 1`, one after another, from the state that stands at `from - 1` (at least 0). Up to the
 * day before the current date this depends on the history alone, so that a scenario can begin there.
 *
 * @returns by how much the measured circulating supply differed on the last measured day, FIL; `offsetFil` without one
 */
export function settleSupply(
  inputs: SupplyInputs,
  base: SupplyBase,
  sectorDays: number,
  from: number,
  to: number,
  out: SupplySeries,
): number {
  const { qaEib, onboardedQaPib, renewedQaPib, baselineEib, mintedPerDayFil, mintedFil, vestedFil, burntFil } = inputs;
  const { policyBurntFil, consensusShare, unlockDays, measured, pledgeHazard } = inputs;
  const { renewalRate, lockTarget, gamma, gammaWeighting } = inputs.controls;
  const baseSupply = out[base];
  let locked = out.locked[from - 1]!;
  let lockedPledge = out.lockedPledge[from - 1]!;
  let lockedReward = out.lockedReward[from - 1]!;
  let offsetFil = inputs.offsetFil;
  let supply = from === 1 ? openingSupply(inputs.history, base) : baseSupply[from - 1]!;
  for (let i = from; i < to; i++) {
    const minted = mintedPerDayFil[i]!;
    const networkPib = qaEib[i]! * PIB_PER_EIB;
    const aimPib = Math.max(networkPib, baselineEib[i]! * PIB_PER_EIB);
    const aimFil = lockTarget[i]! * supply;
    const due = pledgeDue(inputs, lockedPledge, i, sectorDays, out);
    const keptShare = pledgeHazard === undefined ? renewalRate[i]! : pledgeHazard.keptShare[i]!;
    const kept = keptShare * due;
    const onboarded = onboardedQaPib[i]!;
    const renewed = renewedQaPib[i]!;
    const pledgedNew = pledgeOf(onboarded, networkPib, aimPib, aimFil, minted, gamma[i]!, gammaWeighting[i]!);
    const pledgedAgain = pledgeOf(renewed, networkPib, aimPib, aimFil, minted, gamma[i]!, gammaWeighting[i]!);
    const renewedPledge = Math.max(kept, pledgedAgain);
    const pledgeChange = pledgedNew - (1 - keptShare) * due + Math.max(0, pledgedAgain - kept);
    const won = consensusShare === undefined ? minted : minted * consensusShare[i]!;
    const rewardChange = LOCKED_REWARD_SHARE * won - lockedReward / unlockDays;
    lockedPledge += pledgeChange;
    lockedReward += rewardChange;
    locked = Math.max(0, locked + pledgeChange + rewardChange);
    let free = RESERVE_DISBURSED_FIL + mintedFil[i]! + vestedFil[i]! - locked - burntFil[i]!;
    if (measured !== undefined && isMeasured(measured, i)) {
      const unanchored = free + locked;
      locked = measured.lockedFil[i]!;
      lockedPledge = locked - lockedReward;
      offsetFil = measured.circulatingFil[i]! + locked - unanchored;
      free = unanchored - locked;
    }
    free += offsetFil;
    if (policyBurntFil !== undefined) free -= policyBurntFil(i);
    out.renewedPledgePerDay[i] = renewedPledge;
    out.lockedPledgePerDay[i] = pledgedNew + renewedPledge;
    out.lockedPledge[i] = lockedPledge;
    out.lockedReward[i] = lockedReward;
    out.locked[i] = locked;
    out.circulating[i] = Math.max(0, free);
    // What is locked is subtracted a second time, as in the original; docs/filecoin.md, "Faithful oddities".
    out.available[i] = Math.max(0, free - locked);
    supply = baseSupply[i]!;
  }
  return offsetFil;
}

/** Pledge that falls due on a day: a share of the stock, or what the table and the life of sectors say. */
function pledgeDue(
  { pledgeHazard, history, historyDays, releasesWhatExists }: SupplyInputs,
  lockedPledgeFil: number,
  day: number,
  sectorDays: number,
  { lockedPledgePerDay }: SupplySeries,
): number {
  if (pledgeHazard !== undefined) return pledgeHazard.dueShare * lockedPledgeFil;
  const table = history.scheduledPledgeReleaseFil;
  const ended = day - sectorDays;
  let due = day < table.length ? table[day]! : 0;
  if (ended >= historyDays) due += lockedPledgePerDay[ended]!;
  return releasesWhatExists ? Math.min(due, Math.max(0, lockedPledgeFil)) : due;
}

function isMeasured({ circulatingFil, lockedFil }: MeasuredStocks, day: number): boolean {
  return !Number.isNaN(circulatingFil[day]! + lockedFil[day]!);
}

/** On the start date the available supply that pledge looks at is not the one that is shown. */
function openingSupply(history: HistorySnapshot, base: SupplyBase): number {
  const { circulatingAtStartFil, lockedAtStartFil } = history;
  return base === "available" ? circulatingAtStartFil - lockedAtStartFil : circulatingAtStartFil;
}

/**
 * FIL pledged for `powerPib` of quality-adjusted power: some days of its reward, and its share of the supply that
 * should be locked, once by its share of the network and once by its share of the larger of network and baseline.
 * Filecoin specification, "Initial pledge"; gamma: FIP-81.
 */
function pledgeOf(
  powerPib: number,
  networkPib: number,
  aimPib: number,
  aimFil: number,
  mintedFil: number,
  gamma: number,
  weighting: number,
): number {
  const share = powerPib / networkPib;
  const storage = STORAGE_PLEDGE_DAYS * mintedFil * share;
  const bySize = Math.max(0, aimFil * share);
  const byBaseline = Math.max(0, aimFil * (powerPib / aimPib));
  const consensus =
    weighting === 0
      ? (1 - gamma) * bySize + gamma * byBaseline
      : weighting === 1
        ? bySize ** (1 - gamma) * byBaseline ** gamma
        : 1 / ((1 - gamma) / bySize + gamma / byBaseline);
  return Math.min(MAX_PLEDGE_FIL_PER_PIB * powerPib, storage + consensus);
}
