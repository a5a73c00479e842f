import type { PlaceModel } from "../compile/model";
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
};

export function contactRates(places: readonly PlaceModel[], condition: number): Float64Array {
  return Float64Array.from(
    places,
    ({ name, contactRate, conditionRates }) =>
      conditionRates.get(condition) ?? contactRate ?? DEFAULT_RATES[name as PlaceName],
  );
}

/** Hours in which a kind of place is open on a weekday, 0 for Sunday; a bit an hour. */
export function openHours(kind: number, weekday: number): number {
  return OPEN_HOURS[PLACE_NAMES[kind]!][weekday === 0 || weekday === 6 ? 1 : 0];
}
