import type { County } from "./counties";

/** Where people meet. */
export interface PlaceKind {
  name: string;
  /** How many there are. */
  count: number;
  /** The place of each person; -1 where there is none. */
  placeOf: Int32Array;
  /** `members` of place k stand from `starts[k]` to `starts[k + 1]`, as they were at first. */
  starts: Int32Array;
  members: Int32Array;
  /** Members of those places that somebody left or joined since. */
  changed: Map<number, number[]>;
}

/** One county's part of a population. */
export interface Region {
  county: County;
  firstPerson: number;
  /** The first place of each kind. */
  firstPlaces: readonly number[];
}

/** People and the places where they meet. */
export interface Population {
  /** Residents, then those whom a program brings along, who are not there before it does. */
  people: number;
  residents: number;
  regions: readonly Region[];
  /** Age in days on the first day of a run. */
  ageDays: Int32Array;
  /** 0 or 1. */
  sex: Uint8Array;
  places: readonly PlaceKind[];
}

/** The kinds of places that every population has, in this order. */
export const PLACE_NAMES = [
  "Household",
  "School",
  "Classroom",
  "Workplace",
  "Block_Group",
  "County",
  "Census_Tract",
] as const;

/** Where those are exposed who are imported. */
export const OUTSIDE = "Outside";

/** Sorts people into places by counting. */
export function placeKind(name: string, count: number, placeOf: Int32Array): PlaceKind {
  const starts = new Int32Array(count + 1);
  for (const place of placeOf) if (place >= 0) starts[place + 1]!++;
  for (let k = 0; k < count; k++) starts[k + 1]! += starts[k]!;
  const filled = starts.slice();
  const members = new Int32Array(starts[count]!);
  for (let person = 0; person < placeOf.length; person++) {
    const place = placeOf[person]!;
    if (place >= 0) members[filled[place]!++] = person;
  }
  return { name, count, placeOf, starts, members, changed: new Map() };
}

/** Who belongs to a place; nobody to one that is none. */
export function membersOf({ starts, members, changed }: PlaceKind, place: number): Int32Array | readonly number[] {
  if (place < 0) return [];
  return changed.get(place) ?? members.subarray(starts[place]!, starts[place + 1]!);
}

/** Ends a person's membership in its place of a kind, where it has one. */
export function leavePlace(kind: PlaceKind, person: number): void {
  const place = kind.placeOf[person]!;
  if (place < 0) return;
  const left = ownMembers(kind, place);
  const at = left.indexOf(person);
  left[at] = left.at(-1)!;
  left.pop();
  kind.placeOf[person] = -1;
}

/** Makes a person a member of a place, and of no other of its kind. */
export function joinPlace(kind: PlaceKind, person: number, place: number): void {
  leavePlace(kind, person);
  ownMembers(kind, place).push(person);
  kind.placeOf[person] = place;
}

function ownMembers(kind: PlaceKind, place: number): number[] {
  const known = kind.changed.get(place);
  if (known !== undefined) return known;
  const own = [...membersOf(kind, place)];
  kind.changed.set(place, own);
  return own;
}

/** Nobody at all, with places of these kinds: what a program is checked against. */
export function emptyPopulation(kinds: readonly string[]): Population {
  return {
    people: 0,
    residents: 0,
    regions: [],
    ageDays: new Int32Array(0),
    sex: new Uint8Array(0),
    places: kinds.map((name) => placeKind(name, 0, new Int32Array(0))),
  };
}
