import { nearestNames } from "../syntax/nearest";
import countyTable from "./data/counties.csv" with { type: "text" };

/** A county as the Census counts it. */
export interface County {
  /** As `Jefferson_County_PA`. */
  name: string;
  /** The federal number, which never changes. */
  fips: number;
  /** People on 1 April 2010. */
  people: number;
  /** Of the middle of its area, in degrees. */
  latitude: number;
  longitude: number;
  /** Its area, water included. */
  areaKm2: number;
}

const STATES: Readonly<Record<string, string>> = Object.fromEntries(
  `AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,
DC District_of_Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,
LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,
NE Nebraska,NV Nevada,NH New_Hampshire,NJ New_Jersey,NM New_Mexico,NY New_York,NC North_Carolina,ND North_Dakota,
OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode_Island,SC South_Carolina,SD South_Dakota,TN Tennessee,TX Texas,
UT Utah,VT Vermont,VA Virginia,WA Washington,WV West_Virginia,WI Wisconsin,WY Wyoming`
    .split(/,\s*/)
    .map((pair) => [pair.slice(3), pair.slice(0, 2)]),
);

let counties: ReadonlyMap<string, County> | undefined;

function countiesByName(): ReadonlyMap<string, County> {
  counties ??= new Map(
    countyTable
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((row) => {
        const [name, ...figures] = row.split(",");
        const [fips, people, , latitude, longitude, areaKm2] = figures.map(Number) as [
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        return [name!, { name: name!, fips, people, latitude, longitude, areaKm2 }];
      }),
  );
  return counties;
}

/** What a place name stands for; `undefined` where there is none. A state, by name or two letters, is all its counties. */
export function countiesOf(location: string): readonly County[] | undefined {
  const all = countiesByName();
  const county = all.get(location);
  if (county !== undefined) return [county];
  const state = Object.hasOwn(STATES, location) ? STATES[location]! : location;
  if (!Object.values(STATES).includes(state)) return undefined;
  return [...all.values()].filter(({ name }) => name.endsWith(`_${state}`));
}

/** Names that an unknown location may have been meant to be. */
export function nearestLocations(location: string): string[] {
  return nearestNames(location, [...countiesByName().keys(), ...Object.keys(STATES)], 3);
}

/** Names that begin with these letters, then those that hold them, with their people: whole states and counties. */
export function locationsLike(letters: string, most: number): { name: string; people: number }[] {
  const wanted = letters.trim().replaceAll(" ", "_").toLowerCase();
  const all = [...Object.keys(STATES), ...countiesByName().keys()].filter((name) =>
    name.toLowerCase().includes(wanted),
  );
  const begins = (name: string) => Number(!name.toLowerCase().startsWith(wanted));
  const found = all.sort((a, b) => begins(a) - begins(b)).slice(0, most);
  return found.map((name) => ({ name, people: countiesOf(name)!.reduce((sum, { people }) => sum + people, 0) }));
}
