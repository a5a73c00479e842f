import { NOWHERE } from "../compile/settings";
import { type County, countiesOf, nearestLocations } from "../people/counties";

export const MAX_AGENTS = 5_000_000;

/** The counties of all locations, each once, or what is wrong with them. */
export function countiesOfAll(
  locations: readonly string[],
): { counties: County[]; repeated: string[] } | { fault: string } {
  const repeated: string[] = [];
  if (locations.length === 1 && locations[0] === NOWHERE) return { counties: [], repeated };
  const found = new Map<number, County>();
  for (const location of locations) {
    const counties = countiesOf(location);
    if (counties === undefined)
      return { fault: `there is no location ${location}; the nearest are ${nearestLocations(location).join(", ")}` };
    if (counties.every(({ fips }) => found.has(fips))) repeated.push(location);
    for (const county of counties) found.set(county.fips, county);
  }
  const counties = [...found.values()];
  const people = counties.reduce((sum, county) => sum + county.people, 0);
  if (people > MAX_AGENTS) return { fault: `the locations have ${people} people; a run has at most ${MAX_AGENTS}` };
  return { counties, repeated };
}
