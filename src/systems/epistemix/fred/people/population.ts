/** Where people meet. */
export interface PlaceKind {
  name: string;
  /** How many there are. */
  count: number;
  /** The place of each person; -1 where there is none. */
  placeOf: Int32Array;
  /** `members` of place k stand from `starts[k]` to `starts[k + 1]`. */
  starts: Int32Array;
  members: Int32Array;
}

/** People and the places where they meet. */
export interface Population {
  people: number;
  /** Age in days on the first day of a run. */
  ageDays: Int32Array;
  /** 0 or 1. */
  sex: Uint8Array;
  places: readonly PlaceKind[];
}

/** The kinds of places that every population has, in this order. */
export const PLACE_NAMES = ["Household", "School", "Classroom", "Workplace", "Block_Group", "County"] as const;

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
  return { name, count, placeOf, starts, members };
}

/** Nobody at all: what a program is checked against. */
export function emptyPopulation(): Population {
  return {
    people: 0,
    ageDays: new Int32Array(0),
    sex: new Uint8Array(0),
    places: PLACE_NAMES.map((name) => placeKind(name, 0, new Int32Array(0))),
  };
}
