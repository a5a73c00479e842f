import type { ConditionModel, GroupModel, Mixing, Model } from "../compile/model";
import { PLACE_NAMES } from "../people/population";

type PlaceName = (typeof PLACE_NAMES)[number];

/**
 * Contacts an hour at transmissibility 1, where a program does not say: calibrated so that the tutorial flu has a
 * reproduction number of 1.4 and the shares of docs/epidemics.md, "Contact".
 */
const DEFAULT_RATES: Readonly<Record<PlaceName, number>> = {
  Household: 0.006,
  School: 0.0077,
  Classroom: 0.0311,
  Workplace: 0.0234,
  Block_Group: 0.0064,
  County: 0.0064,
  Census_Tract: 0,
};

const ALWAYS = 0xffffff;
const hours = (from: number, to: number) => (2 ** to - 2 ** from) & ALWAYS;

/** Hours of a working day and of a weekend's in which a kind of place is open, a bit an hour: assumptions. */
const OPEN_HOURS: Readonly<Record<PlaceName, readonly [weekday: number, weekend: number]>> = {
  Household: [ALWAYS, ALWAYS],
  School: [hours(8, 15), 0],
  Classroom: [hours(8, 15), 0],
  Workplace: [hours(9, 17), 0],
  Block_Group: [hours(15, 21), hours(9, 21)],
  County: [hours(15, 21), hours(9, 21)],
  Census_Tract: [hours(15, 21), hours(9, 21)],
};

/** How agents meet, by kind of group: those of places, then those of networks. */
export interface Rates {
  /** Contacts an hour of one agent. */
  rate: Float64Array;
  /** Contacts an hour with each other member. */
  prob: Float64Array;
  ageBias: Float64Array;
}

/** How a condition goes about: by places, or by its network, whichever its mode says. */
export function contactRates({ places, networks }: Model, { index, mode, network }: ConditionModel): Rates {
  const groups: readonly GroupModel[] = [...places, ...networks];
  const counts = (kind: number) => (kind < places.length ? mode === "proximity" : kind - places.length === network);
  const mixings = groups.map((group): Mixing => ({ ...group.mixing, ...group.mixingFor.get(index) }));
  return {
    rate: Float64Array.from(groups, ({ name }, kind) => (counts(kind) ? rateOf(name, mixings[kind]!) : 0)),
    prob: Float64Array.from(groups, (_, kind) => (counts(kind) ? (mixings[kind]!.prob ?? 0) : 0)),
    ageBias: Float64Array.from(groups, (_, kind) => mixings[kind]!.ageBias ?? 0),
  };
}

/** A program that gives one of the two kinds of contact wants that alone. */
function rateOf(name: string, { rate, prob }: Mixing): number {
  if (rate !== undefined) return rate;
  return prob !== undefined && prob > 0 ? 0 : (DEFAULT_RATES[name as PlaceName] ?? 0);
}

/** Hours in which a kind of group is open on a weekday, 0 for Sunday; a bit an hour. The program's own always are. */
export function openHours(kind: number, weekday: number): number {
  const name = PLACE_NAMES[kind];
  return name === undefined ? ALWAYS : OPEN_HOURS[name][weekday === 0 || weekday === 6 ? 1 : 0];
}
