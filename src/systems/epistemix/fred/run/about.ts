import type { Population } from "../people/population";
import type { RunPlan } from "./plan";

/** What of a result is a public figure, and what an assumption (docs/epidemics.md, "The people"). */
export function aboutRun(
  { counties, seed, days }: RunPlan,
  { residents, people, places }: Population,
): Record<string, unknown> & { counties: string[] } {
  return {
    engine: "Foresight, an independent implementation of the FRED language",
    seed: String(seed),
    days,
    people: residents,
    broughtAlong: people - residents,
    counties: counties.map(({ name }) => name),
    places: Object.fromEntries(places.map(({ name, count }) => [name, count])),
    figures: {
      people: "2010 Census, by county",
      ages: "ACS 2019, United States",
      households: "CPS 2019, sizes and ages of heads, United States",
      races: "2010 Census, United States",
      incomes: "CPS 2003, fifths of households, United States",
      counties: "Census cartographic boundaries 2017, middle and area",
    },
    assumptions: [
      "enrolment, employment and establishments of Washington State and schools of the Seattle area hold everywhere",
      "who lives with whom beyond sizes and heads, sexes by a fair coin, birthdays",
      "block groups of 1,000, classrooms of 25, schools filled in the order of homes, workplaces by chance in the county",
      "one race and one income for each home, by national shares; who is whose spouse, child or relative",
      "counties as squares, block groups in rows, schools at the home of their first pupil, workplaces anywhere",
      "hours in which places are open, and contact rates",
    ],
  };
}
