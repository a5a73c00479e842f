import { type Chance, PURPOSE } from "../chance/streams";
import { drawBand, figures } from "./figures";
import type { Population } from "./population";

const HOUSEHOLD = 0;
const ADULT_AGE_DAYS = Math.ceil(18 * 365.25);

/** Who lives with the head of a household, in the order of the guide. */
export const RELATIONSHIPS = [
  "householder",
  "spouse",
  "child",
  "sibling",
  "parent",
  "grandchild",
  "in_law",
  "other_relative",
  "boarder",
  "housemate",
  "partner",
  "foster_child",
  "other_non_relative",
  "institutionalized_group_quarters_pop",
  "noninstitutionalized_group_quarters_pop",
] as const;

/** The numbers that stand for races, as the guide has them. */
export const RACES: Readonly<Record<string, number>> = {
  unknown_race: 0,
  white: 1,
  african_american: 2,
  american_indian: 3,
  alaska_native: 4,
  tribal: 5,
  asian: 6,
  hawaiian_native: 7,
  other_race: 8,
  multiple_race: 9,
};

type Trait = (population: Population, chance: Chance) => Float64Array;

/**
 * Figures of residents beyond age and sex, each made when a program asks for it. National shares hold everywhere, and all
 * of one home are alike: assumptions (docs/epidemics.md, "The people").
 */
export const TRAITS: Readonly<Record<string, Trait>> = {
  race: (population, chance) =>
    byHousehold(population, chance, 0, (share) => drawBand(figures("race_share"), ({ value }) => value, share).from),
  income: incomes,
  household_income: incomes,
  household_relationship: relationships,
};

function incomes(population: Population, chance: Chance): Float64Array {
  return byHousehold(population, chance, 1, (share, within) => {
    const { from, to } = drawBand(figures("household_income_share"), ({ value }) => value, share);
    return Math.round(from + within * (to - from));
  });
}

/** One value for each household, from two numbers of its own chance. */
function byHousehold(
  { residents, regions, places }: Population,
  chance: Chance,
  trait: number,
  draw: (share: number, within: number) => number,
): Float64Array {
  const { placeOf } = places[HOUSEHOLD]!;
  const values = new Float64Array(residents);
  let region = -1;
  for (let person = 0; person < residents; person++) {
    while (region + 1 < regions.length && regions[region + 1]!.firstPerson <= person) region++;
    const { county, firstPlaces, firstPerson } = regions[region]!;
    const household = placeOf[person]!;
    if (person > firstPerson && placeOf[person - 1] === household) {
      values[person] = values[person - 1]!;
      continue;
    }
    chance.open(PURPOSE.traits, household - firstPlaces[HOUSEHOLD]!, county.fips, trait * 2);
    values[person] = draw(chance.next(), chance.next());
  }
  return values;
}

/** The first of a household heads it; a second adult is taken for the spouse, minors for children, others for relatives. */
function relationships({ residents, places, ageDays }: Population): Float64Array {
  const { placeOf } = places[HOUSEHOLD]!;
  const code = (name: (typeof RELATIONSHIPS)[number]) => RELATIONSHIPS.indexOf(name) + 1;
  const values = new Float64Array(residents);
  let heads = 0;
  for (let person = 0; person < residents; person++) {
    if (person === 0 || placeOf[person] !== placeOf[person - 1]) heads = person;
    const isMinor = ageDays[person]! < ADULT_AGE_DAYS;
    if (person === heads) values[person] = code("householder");
    else if (isMinor) values[person] = code("child");
    else values[person] = code(person === heads + 1 ? "spouse" : "other_relative");
  }
  return values;
}
