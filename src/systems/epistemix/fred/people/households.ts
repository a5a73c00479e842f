import type { Uniform } from "../chance/distributions";
import { type Band, drawBand, figures } from "./figures";

/** Ages in years and households of one county's people; who lives together stands together. */
export interface Households {
  ages: Uint8Array;
  household: Int32Array;
  count: number;
}

/** From this age on a person can head a household or share that of a head: an assumption. */
const ADULT_AGE = 18;

/**
 * Ages of all come from the age distribution; sizes and ages of heads from theirs. Who lives beside a head is an
 * assumption: one adult, then children while there are any (docs/epidemics.md, "The people").
 */
export function makeHouseholds(people: number, chance: Uniform): Households {
  const sizes = drawSizes(people, chance);
  const pool = agePool(people, chance);
  const ages = new Uint8Array(people);
  const household = new Int32Array(people);
  let first = 0;
  for (let k = 0; k < sizes.length; k++) {
    const size = sizes[k]!;
    household.fill(k, first, first + size);
    ages[first] = pool.takeHead(size);
    first += size;
  }
  fillOthers(ages, household, pool, chance);
  return { ages, household, count: sizes.length };
}

/** Sizes drawn until all have a roof; the last household is cut to who is left. */
function drawSizes(people: number, chance: Uniform): Uint8Array {
  const shares = figures("household_size_share");
  const cumulative = Float64Array.from(shares, (_, k) =>
    shares.slice(0, k + 1).reduce((sum, { value }) => sum + value, 0),
  );
  const sizes = new Uint8Array(people);
  let count = 0;
  for (let housed = 0; housed < people; count++) {
    const u = chance.next() * cumulative.at(-1)!;
    let k = 0;
    while (u >= cumulative[k]! && k < shares.length - 1) k++;
    sizes[count] = Math.min(shares[k]!.from, people - housed);
    housed += sizes[count]!;
  }
  return sizes.slice(0, count);
}

interface AgePool {
  /** The age of a head of a household of so many. */
  takeHead(size: number): number;
  /** Any adult who is left. */
  takeAdult(): number;
  takeChild(): number;
  children(): number;
  adults(): number;
}

/** As many of each year of age as the distribution says, to be taken one by one. */
function agePool(people: number, chance: Uniform): AgePool {
  const left = yearCounts(people);
  let children = 0;
  let adults = 0;
  for (const [age, count] of left.entries()) {
    if (age < ADULT_AGE) children += count;
    else adults += count;
  }
  const heads = new Map<number, readonly Band[]>();
  for (let size = 2; size <= 7; size++) heads.set(size, figures(`household_head_age_share_size_${size}`));
  const alone = figures("age_share").filter(({ to }) => to > ADULT_AGE);

  function taken(age: number): number {
    left[age]!--;
    if (age < ADULT_AGE) children--;
    else adults--;
    return age;
  }

  function takeAt(wanted: number): number {
    // The nearest age of which somebody is left; where no adult is, a child heads the household.
    for (let away = 0; away < 2 * left.length; away++) {
      const age = wanted + (away % 2 === 0 ? away / 2 : -(away + 1) / 2);
      if (age < (adults > 0 ? ADULT_AGE : 0) || age >= left.length || left[age] === 0) continue;
      return taken(age);
    }
    throw new Error("more people than ages");
  }

  function takeFrom(from: number, to: number, count: number): number {
    let index = Math.floor(chance.next() * count);
    for (let age = from; age < to; age++) {
      if (index < left[age]!) {
        return taken(age);
      }
      index -= left[age]!;
    }
    throw new Error("more people than ages");
  }

  return {
    takeHead(size) {
      const bands = heads.get(size) ?? alone;
      const band = drawBand(bands, ({ value }) => value, chance.next());
      const from = Math.max(band.from, ADULT_AGE);
      return takeAt(from + Math.floor(chance.next() * (band.to - from + 1)));
    },
    takeAdult: () => takeFrom(ADULT_AGE, left.length, adults),
    takeChild: () => takeFrom(0, ADULT_AGE, children),
    children: () => children,
    adults: () => adults,
  };
}

/** People of each year of age, by largest remainders; within a band all years are alike. */
function yearCounts(people: number): Int32Array {
  const bands = figures("age_share");
  const total = bands.reduce((sum, { value }) => sum + value, 0);
  const wanted = new Float64Array(Math.max(...bands.map(({ to }) => to)) + 1);
  for (const { from, to, value } of bands) wanted.fill((people * value) / total / (to - from + 1), from, to + 1);
  const counts = Int32Array.from(wanted);
  const missing = people - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = [...wanted.keys()].sort((a, b) => (wanted[b]! % 1) - (wanted[a]! % 1) || a - b);
  for (let k = 0; k < missing; k++) counts[byRemainder[k % byRemainder.length]!]!++;
  return counts;
}

/** Second places go to adults, later ones to children by chance, as many as there are of either. */
function fillOthers(ages: Uint8Array, household: Int32Array, pool: AgePool, chance: Uniform): void {
  let later = 0;
  for (let p = 2; p < ages.length; p++) if (household[p - 2] === household[p]) later++;
  for (let p = 1; p < ages.length; p++) {
    if (household[p] !== household[p - 1]) continue;
    const isLater = p >= 2 && household[p - 2] === household[p];
    const wantsChild = isLater && chance.next() * later < pool.children();
    if (isLater) later--;
    const child = wantsChild ? pool.children() > 0 : pool.adults() === 0;
    ages[p] = child ? pool.takeChild() : pool.takeAdult();
  }
}
