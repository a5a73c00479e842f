import { type Chance, PURPOSE } from "../chance/streams";
import type { County } from "./counties";
import { type Membership, makeBlockGroups, makeSchools, makeTracts, makeWorkplaces } from "./groups";
import { makeHouseholds } from "./households";
import { PLACE_NAMES, type Population, placeKind, type Region } from "./population";

const DAYS_OF_YEAR = 365.25;
const BIRTHDAYS = 365;
/** Streams of chance that one county has: ages and homes, schools, work, birthdays. */
const STEPS = 4;

/** What a program adds to the people of its locations. */
export interface Additions {
  /** How many agents it brings along. */
  agents: number;
  /** Kinds of places of its own, and how many of each there are. */
  kinds: readonly { name: string; count: number }[];
}

/**
 * The people of some counties. Those of one county are the same for the same seed, whichever other counties there are;
 * they live, learn and work within it (docs/epidemics.md, "The people").
 */
export function synthesize(
  counties: readonly County[],
  chance: Chance,
  { agents, kinds }: Additions = { agents: 0, kinds: [] },
): Population {
  const residents = counties.reduce((sum, county) => sum + county.people, 0);
  const people = residents + agents;
  const ageDays = new Int32Array(people);
  const sex = new Uint8Array(people);
  const placeOf = PLACE_NAMES.map(() => new Int32Array(people).fill(-1));
  const counts = PLACE_NAMES.map(() => 0);
  const regions: Region[] = [];
  let first = 0;
  for (const county of counties) {
    regions.push({ county, firstPerson: first, firstPlaces: [...counts] });
    const open = (step: number) => chance.open(PURPOSE.people, county.fips * STEPS + step, 0);
    open(0);
    const households = makeHouseholds(county.people, chance);
    open(1);
    const { schools, classrooms } = makeSchools(households, chance);
    open(2);
    const workplaces = makeWorkplaces(households, chance);
    open(3);
    for (let k = 0; k < county.people; k++) {
      ageDays[first + k] = Math.ceil(households.ages[k]! * DAYS_OF_YEAR) + Math.floor(chance.next() * BIRTHDAYS);
      sex[first + k] = chance.next() < 0.5 ? 0 : 1;
    }
    const blockGroups = makeBlockGroups(households);
    const own: Membership[] = [
      { placeOf: households.household, count: households.count },
      schools,
      classrooms,
      workplaces,
      blockGroups,
      { placeOf: new Int32Array(county.people), count: 1 },
      makeTracts(blockGroups),
    ];
    for (const [kind, membership] of own.entries()) {
      append(placeOf[kind]!, first, membership, counts[kind]!);
      counts[kind]! += membership.count;
    }
    first += county.people;
  }
  const known = PLACE_NAMES.map((name, kind) => placeKind(name, counts[kind]!, placeOf[kind]!));
  const added = kinds.map(({ name, count }) => placeKind(name, count, new Int32Array(people).fill(-1)));
  return { people, residents, regions, ageDays, sex, places: [...known, ...added] };
}

function append(into: Int32Array, first: number, { placeOf }: Membership, before: number): void {
  for (let k = 0; k < placeOf.length; k++) into[first + k] = placeOf[k]! < 0 ? -1 : placeOf[k]! + before;
}
