import type { Uniform } from "../chance/distributions";
import { drawBand, figureAt, figures } from "./figures";
import type { Households } from "./households";

/** The place of each person, -1 where there is none, and how many places there are. */
export interface Membership {
  placeOf: Int32Array;
  count: number;
}

/** Assumptions (docs/epidemics.md, "The people"). */
const CLASSROOM_PEOPLE = 25;
const BLOCK_GROUP_PEOPLE = 1000;
const TRACT_BLOCK_GROUPS = 4;
const MIN_WORKING_AGE = 16;
const MAX_AGE = 120;

const SCHOOL_TYPES = ["pk", "es", "ms", "hs", "uv"];

/** Neighbours: whole households, one after another, until the group is full. */
export function makeBlockGroups({ household, ages }: Households): Membership {
  const placeOf = new Int32Array(ages.length);
  let group = 0;
  let filled = 0;
  for (let person = 0; person < ages.length; person++) {
    if (filled >= BLOCK_GROUP_PEOPLE && household[person] !== household[person - 1]) {
      group++;
      filled = 0;
    }
    placeOf[person] = group;
    filled++;
  }
  return { placeOf, count: ages.length === 0 ? 0 : group + 1 };
}

/** So many block groups, one after another, are a census tract. */
export function makeTracts({ placeOf, count }: Membership): Membership {
  return {
    placeOf: placeOf.map((group) => Math.floor(group / TRACT_BLOCK_GROUPS)),
    count: Math.ceil(count / TRACT_BLOCK_GROUPS),
  };
}

/** Who is enrolled goes to the nearest school of the type of their age: pupils in the order of their homes fill it. */
export function makeSchools({ ages }: Households, chance: Uniform): { schools: Membership; classrooms: Membership } {
  const rates = rateByAge("enrollment_rate");
  const schools = { placeOf: new Int32Array(ages.length).fill(-1), count: 0 };
  const types = SCHOOL_TYPES.map((type) => figures(`school_type_${type}`)[0]!);
  const open = types.map(() => ({ school: -1, seats: 0 }));
  for (let person = 0; person < ages.length; person++) {
    const age = ages[person]!;
    if (chance.next() >= rates[age]!) continue;
    const type = types.findIndex(({ from, to }) => age >= from && age <= to);
    if (type < 0) continue;
    const filling = open[type]!;
    if (filling.seats === 0) {
      const band = drawBand(figures("school_size_share"), ({ value }) => value, chance.next());
      filling.seats = band.from + Math.floor(chance.next() * (band.to - band.from + 1));
      filling.school = schools.count++;
    }
    filling.seats--;
    schools.placeOf[person] = filling.school;
  }
  return { schools, classrooms: makeClassrooms(ages, schools) };
}

/** Those of one age in one school, cut into rooms. */
function makeClassrooms(ages: Uint8Array, schools: Membership): Membership {
  const placeOf = new Int32Array(ages.length).fill(-1);
  const rooms = new Map<number, { room: number; seats: number }>();
  let count = 0;
  for (let person = 0; person < ages.length; person++) {
    const school = schools.placeOf[person]!;
    if (school < 0) continue;
    const key = school * MAX_AGE + ages[person]!;
    let filling = rooms.get(key);
    if (filling === undefined || filling.seats === 0) {
      filling = { room: count++, seats: CLASSROOM_PEOPLE };
      rooms.set(key, filling);
    }
    filling.seats--;
    placeOf[person] = filling.room;
  }
  return { placeOf, count };
}

/** Workers of the whole county, shuffled, fill establishments of the sizes that there are. */
export function makeWorkplaces({ ages }: Households, chance: Uniform): Membership {
  const rates = rateByAge("employment_rate");
  const workers = new Int32Array(ages.length);
  let count = 0;
  for (let person = 0; person < ages.length; person++) {
    if (ages[person]! >= MIN_WORKING_AGE && chance.next() < rates[ages[person]!]!) workers[count++] = person;
  }
  shuffle(workers, count, chance);
  const placeOf = new Int32Array(ages.length).fill(-1);
  const sizes = figures("establishments");
  let place = 0;
  for (let next = 0; next < count; place++) {
    const band = drawBand(sizes, ({ value }) => value, chance.next());
    const end = Math.min(count, next + band.from + Math.floor(chance.next() * (band.to - band.from + 1)));
    for (; next < end; next++) placeOf[workers[next]!] = place;
  }
  return { placeOf, count: place };
}

/** Fisher and Yates' shuffle of the first `count`. */
function shuffle(values: Int32Array, count: number, chance: Uniform): void {
  for (let k = count - 1; k > 0; k--) {
    const other = Math.floor(chance.next() * (k + 1));
    const value = values[k]!;
    values[k] = values[other]!;
    values[other] = value;
  }
}

function rateByAge(table: string): Float64Array {
  const bands = figures(table);
  return Float64Array.from({ length: MAX_AGE }, (_, age) => figureAt(bands, age));
}
