import { twoFloats } from "../../../../gpu/params";
import { MINTING_DECAY, RESERVE_DISBURSED_FIL, SIMPLE_ALLOCATION_FIL, YEAR_DAYS } from "../../model/constants";
import type { Engine } from "../../model/engine";
import { burnOf, spreadGamma } from "../../model/forecast";
import { type Scenario, spreadControl } from "../../scenario";
import { type FeeStart, feeByDay } from "./feeStart";
import { BASE_VECTORS, dayVectors, type KernelShape, shownRenewal } from "./shape";

/** The days of which values are kept: forecast days, ascending, and where each stands among the sampled and the points. */
export interface KeptDays {
  sampledDays: Int32Array;
  pointDays: Int32Array;
  /** All of them, ascending, each once. */
  slots: Int32Array;
}

export function keptDays(sampledDays: Int32Array, pointDays: Int32Array): KeptDays {
  return { sampledDays, pointDays, slots: Int32Array.from(new Set([...sampledDays, ...pointDays])).sort() };
}

/** The most slots of any year: so many are open at once. */
export function openWindows({ slots }: KeptDays): number {
  let most = 1;
  for (let first = 0, last = 0; last < slots.length; last++) {
    while (slots[last]! - slots[first]! >= YEAR_DAYS) first++;
    most = Math.max(most, last - first + 1);
  }
  return most + 1;
}

/** What all runs share of each forecast day, as the kernel reads it: one day more than the forecast, four floats a vector. */
export function dayTable(
  engine: Engine,
  scenario: Scenario,
  shape: KernelShape,
  kept: KeptDays,
  fee: FeeStart | undefined,
): Float32Array<ArrayBuffer> {
  const { history, historyDays, fixed } = engine;
  const days = scenario.forecastDays;
  const stride = 4 * dayVectors(shape);
  const table = new Float32Array((days + 1) * stride);
  const knownOffset = scenario.knownTrim === "server" ? historyDays : 0;
  const simpleShare = SIMPLE_ALLOCATION_FIL * -Math.expm1(-MINTING_DECAY);
  const offsetFil = engine.offsetFil[scenario.supplyBase];
  const places = placesOf(kept);
  const burntFil = burnOf(engine, scenario);
  for (let t = 0; t <= days; t++) {
    const known = t - 1 + knownOffset;
    const at = t * stride;
    table[at] = t > 0 ? (history.scheduledExpireRawPib[known] ?? 0) : 0;
    table[at + 1] = t > 0 ? (history.scheduledExpireQaPib[known] ?? 0) : 0;
    if (t === days) continue;
    const i = historyDays + t;
    const [fixedHigh, fixedLow] = twoFloats(
      RESERVE_DISBURSED_FIL + offsetFil + fixed.simpleFil[i]! + fixed.vesting.totalFil[i]! - burntFil[i]!,
    );
    const place = places(t);
    const ended = places(t - YEAR_DAYS + 1);
    table[at + 2] = history.scheduledPledgeReleaseFil[i] ?? 0;
    table[at + 3] = fixed.baselineEib[i]!;
    table.set([fixedHigh, fixedLow, simpleShare * Math.exp(-MINTING_DECAY * fixed.dayNumbers[i - 1]!)], at + 4);
    table.set([place.sampled, place.point, ended.sampled, ended.point], at + 8);
    table.set([place.slot, ended.slot, ...twoFloats(fixed.simpleFil[i]!)], at + 12);
    if (fee !== undefined) table.set(feeByDay(fee, t, burntFil[i]!), at + 4 * BASE_VECTORS);
  }
  if (shape.tables) fillControls(engine, scenario, shape, table);
  return table;
}

/** Where a forecast day stands among what is kept; -1 where it does not. */
function placesOf({ sampledDays, pointDays, slots }: KeptDays) {
  const index = (of: Int32Array) => new Map(Array.from(of, (day, place) => [day, place]));
  const [sampled, points, all] = [index(sampledDays), index(pointDays), index(slots)];
  return (day: number) => ({
    sampled: sampled.get(day) ?? -1,
    point: points.get(day) ?? -1,
    slot: all.get(day) ?? -1,
  });
}

function fillControls(engine: Engine, scenario: Scenario, shape: KernelShape, table: Float32Array): void {
  const days = scenario.forecastDays;
  const spread = (control: Scenario["gamma"], name: string) => {
    const values = new Float64Array(days);
    spreadControl(control, days, values, 0, name);
    return values;
  };
  const gamma = new Float64Array(days);
  spreadGamma(scenario, engine.startDay + engine.historyDays, gamma, 0);
  const columns = [
    spread(scenario.rbpPibPerDay, "rbp"),
    shownRenewal(shape, spread(scenario.renewalRate, "rr")),
    spread(scenario.filPlusRate, "fpr"),
    spread(scenario.lockTarget, "lock_target"),
    spread(scenario.filPlusMultiplier, "fil_plus_m"),
    spread(scenario.qaRenewalMultiplier, "qa_renew_relative_multiplier"),
    gamma,
  ];
  const stride = 4 * dayVectors(shape);
  const from = 4 * (BASE_VECTORS + Number(shape.hasFee));
  for (let t = 0; t < days; t++) {
    for (const [column, values] of columns.entries()) table[t * stride + from + column] = values[t]!;
  }
}
