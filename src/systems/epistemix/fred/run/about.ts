import { PLACE_NAMES, type Population } from "../people/population";
import type { RunPlan } from "./plan";

/** What of a result is a public figure, and what an assumption (docs/epidemics.md, "The people"). */
export function aboutRun({ counties, seed, days }: RunPlan, { people, places }: Population): object {
  return {
    engine: "Foresight, an independent implementation of the FRED language",
    seed: String(seed),
    days,
    people,
    counties: counties.map(({ name }) => name),
    places: Object.fromEntries(places.map(({ count }, kind) => [PLACE_NAMES[kind]!, count])),
    figures: {
      people: "2010 Census, by county",
      ages: "ACS 2019, United States",
      households: "CPS 2019, sizes and ages of heads, United States",
    },
    assumptions: [
      "enrolment, employment and establishments of Washington State and schools of the Seattle area hold everywhere",
      "who lives with whom beyond sizes and heads, sexes by a fair coin, birthdays",
      "block groups of 1,000, classrooms of 25, schools filled in the order of homes, workplaces by chance in the county",
      "hours in which places are open, and contact rates",
    ],
  };
}
