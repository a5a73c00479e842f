import type { Condition } from "../engine/condition";
import { NOT_EXPOSED } from "../engine/condition";
import type { World } from "../engine/world";
import type { PLACE_NAMES, PlaceKind } from "../people/population";

/** Too many and too small to be told one by one. */
const UNTOLD: readonly string[] = ["Household", "Classroom"] satisfies (typeof PLACE_NAMES)[number][];
/** Of each kind those with the most exposures. */
const MAX_PLACES = 200;

/**
 * Places of a condition: how many belong to each, how many exposures happened there, and how many of its people were
 * ever exposed, wherever that was.
 *
 * @param counties names of the counties, in the order of their numbers
 */
export function placeLines({ population }: World, condition: Condition, counties: readonly string[]): string[] {
  const lines = ["kind,place,people,exposures,exposed"];
  for (const [index, kind] of population.places.entries()) {
    const { name } = kind;
    if (UNTOLD.includes(name)) continue;
    const called = (place: number) => (name === "County" ? counties[place]! : String(place + 1));
    for (const { place, people, exposures, exposed } of rowsOf(kind, condition, condition.exposuresAt[index]!))
      lines.push([name, called(place), people, exposures, exposed].join(","));
  }
  return lines;
}

function rowsOf({ count, placeOf }: PlaceKind, { exposedIn }: Condition, exposuresAt: Int32Array) {
  const people = new Int32Array(count);
  const exposed = new Int32Array(count);
  for (let person = 0; person < placeOf.length; person++) {
    const place = placeOf[person]!;
    if (place < 0) continue;
    people[place]!++;
    if (exposedIn[person] !== NOT_EXPOSED) exposed[place]!++;
  }
  const order = Array.from({ length: count }, (_, place) => place);
  order.sort((a, b) => exposuresAt[b]! - exposuresAt[a]! || a - b);
  return order.slice(0, MAX_PLACES).map((place) => ({
    place,
    people: people[place]!,
    exposures: exposuresAt[place]!,
    exposed: exposed[place]!,
  }));
}
