import { epochDay, isoDateOf } from "../../../numeric/calendar";
import { medianOf } from "../../../numeric/quantiles";
import { filPlusShare } from "../batch/request/rateProcess";
import type { HistorySnapshot } from "../history/snapshot";
import { PIB_PER_EIB } from "../model/constants";
import { type Engine, prepareEngine } from "../model/engine";
import type { Rules } from "../schema/rules";

/**
 * What a forecaster is taken to know, on a past day, of power and pledge that will expire; docs/filecoin.md, "Skill".
 * `flows` takes what began a sector's life earlier, all of it known then. `later_rows` takes the schedule as it was
 * told later, with what was committed and extended after that day.
 */
export type KnownExpirations = "flows" | "later_rows";

/** Where power is lost by shares nothing is known of what falls due. */
export type Known = KnownExpirations | "none";

const SMOOTHED_DAYS = 30;
const RECENT_DAYS = 181;

/** Half a year, from which shares that are lost are found. */
const SHARES_DAYS = 182;

/** The first day of a history, counted from its start, whose past is long enough for a forecast. */
export function firstAnchor(known: Known, sectorDays: number): number {
  const needed: Record<Known, number> = { flows: sectorDays, later_rows: 0, none: SHARES_DAYS };
  return Math.max(SMOOTHED_DAYS, needed[known]);
}

/**
 * The history as it was known on its `day`-th day, from `firstAnchor` on and before its last: nothing of a later day
 * is in it but what `later_rows` asks for.
 */
export function pastHistory(
  history: HistorySnapshot,
  day: number,
  known: Known,
  sectorDays: number,
  rules: Rules = "plain",
): HistorySnapshot {
  const until = (values: Float64Array) => values.slice(0, day + 1);
  const onboardedRawPib = until(history.onboardedRawPib);
  const onboardedQaPib = until(history.onboardedQaPib);
  const renewalRate = history.renewalRate.slice(0, day);
  const filPlusRate = onboardedRawPib.map((raw, i) => filPlusShare(raw, onboardedQaPib[i]!));
  const recent = {
    rawBytePower: onboardedRawPib.slice(-RECENT_DAYS),
    renewalRate: renewalRate.slice(1 - RECENT_DAYS),
    filPlusRate: filPlusRate.slice(-RECENT_DAYS),
  };
  const past: HistorySnapshot = {
    ...history,
    currentDate: isoDateOf(epochDay(history.startDate)! + day),
    rawPowerTodayPib: history.rawPowerEib[day]! * PIB_PER_EIB,
    qaPowerTodayPib: history.qaPowerEib[day]! * PIB_PER_EIB,
    rawPowerEib: until(history.rawPowerEib),
    qaPowerEib: until(history.qaPowerEib),
    onboardedRawPib,
    onboardedQaPib,
    renewedRawPib: until(history.renewedRawPib),
    renewedQaPib: until(history.renewedQaPib),
    renewalRate,
    burntFil: until(history.burntFil),
    burntPerDayFil: (history.burntFil[day]! - history.burntFil[0]!) / day,
    scheduledPledgeReleaseFil: until(history.scheduledPledgeReleaseFil),
    recent,
    ...(history.measured && {
      measured: {
        circulatingFil: until(history.measured.circulatingFil),
        lockedFil: until(history.measured.lockedFil),
      },
    }),
    smoothed: {
      rawBytePower: medianOf(recent.rawBytePower.slice(-SMOOTHED_DAYS)),
      renewalRate: medianOf(recent.renewalRate.slice(-SMOOTHED_DAYS)),
      filPlusRate: medianOf(recent.filPlusRate.slice(-SMOOTHED_DAYS)),
    },
  };
  return { ...past, ...SCHEDULES[known](history, past, day, sectorDays, rules) };
}

type Schedules = Pick<HistorySnapshot, "scheduledExpireRawPib" | "scheduledExpireQaPib" | "scheduledPledgeReleaseFil">;

const NOTHING = new Float64Array(0);

const SCHEDULES: Record<
  Known,
  (history: HistorySnapshot, past: HistorySnapshot, day: number, sectorDays: number, rules: Rules) => Schedules
> = {
  flows(_, past, day, sectorDays, rules) {
    // What the forecast itself begins ends after these days; the model adds that.
    const began = (i: number) => day + 1 + i - sectorDays;
    const ending = (onboarded: Float64Array, renewed: Float64Array) =>
      Float64Array.from({ length: sectorDays }, (_, i) => onboarded[began(i)]! + renewed[began(i)]!);
    return {
      scheduledExpireRawPib: ending(past.onboardedRawPib, past.renewedRawPib),
      scheduledExpireQaPib: ending(past.onboardedQaPib, past.renewedQaPib),
      scheduledPledgeReleaseFil: releasesOf(prepareEngine(past, 1, { rules }), past, day, sectorDays),
    };
  },
  none: (_, past) => ({
    scheduledExpireRawPib: NOTHING,
    scheduledExpireQaPib: NOTHING,
    scheduledPledgeReleaseFil: past.scheduledPledgeReleaseFil,
  }),
  later_rows(history, _, day) {
    const days = history.renewalRate.length;
    const told = (renewed: Float64Array, later: Float64Array) => {
      const rows = Array.from({ length: days - day }, (_, i) => scheduled(renewed, history.renewalRate, day + i));
      return Float64Array.of(...rows, ...later);
    };
    return {
      scheduledExpireRawPib: told(history.renewedRawPib, history.scheduledExpireRawPib),
      scheduledExpireQaPib: told(history.renewedQaPib, history.scheduledExpireQaPib),
      scheduledPledgeReleaseFil: history.scheduledPledgeReleaseFil,
    };
  },
};

/** Pledge due each day: as recorded until the day, then what the model says was locked a sector's life earlier. */
function releasesOf({ supplies }: Engine, past: HistorySnapshot, day: number, sectorDays: number): Float64Array {
  const { lockedPledgePerDay } = supplies.circulating;
  const releases = new Float64Array(day + sectorDays);
  releases.set(past.scheduledPledgeReleaseFil.subarray(0, day + 1));
  for (let i = day + 1; i < releases.length; i++) releases[i] = lockedPledgePerDay[i - sectorDays]!;
  return releases;
}

/** What was due on a day, from what was renewed of it. */
function scheduled(renewed: Float64Array, renewalRate: Float64Array, day: number): number {
  return renewalRate[day]! > 0 ? renewed[day]! / renewalRate[day]! : 0;
}
