import { describe, expect, test } from "bun:test";
import { createChance } from "../../../../src/systems/epistemix/fred/chance/streams";
import { countiesOf, nearestLocations } from "../../../../src/systems/epistemix/fred/people/counties";
import { figures } from "../../../../src/systems/epistemix/fred/people/figures";
import type { PlaceKind } from "../../../../src/systems/epistemix/fred/people/population";
import { synthesize } from "../../../../src/systems/epistemix/fred/people/synthesize";
import { runText } from "./runText";

const JEFFERSON = "Jefferson_County_PA";
const peopleOf = (names: string[], seed = 1n) =>
  synthesize(
    names.flatMap((name) => countiesOf(name)!),
    createChance(seed),
  );
const yearsOf = (days: number) => Math.floor(days / 365.25);
const sizesOf = ({ starts, count }: PlaceKind) => Array.from({ length: count }, (_, k) => starts[k + 1]! - starts[k]!);

describe("places", () => {
  test("are counties, and states by name and by letters", () => {
    expect(countiesOf("Loving_County_TX")).toEqual([
      { name: "Loving_County_TX", fips: 48301, people: 82, latitude: 31.849, longitude: -103.578, areaKm2: 1746 },
    ]);
    expect(countiesOf("PA")).toHaveLength(67);
    expect(countiesOf("Pennsylvania")).toEqual(countiesOf("PA")!);
    expect(countiesOf("North_Dakota")).toHaveLength(53);
    expect(countiesOf("constructor")).toBeUndefined();
  });

  test("that are not known are told with the nearest", () => {
    expect(nearestLocations("Jeferson_County_PA")[0]).toBe(JEFFERSON);
    const { status, file } = runText("", { locations: ["Jeferson_County_PA"] });
    expect(status).toBe("error");
    expect(file("logs.txt")).toContain("there is no location Jeferson_County_PA; the nearest are Jefferson_County_PA");
  });

  test("count once, and no run has more than five million people", () => {
    const twice = runText("", { locations: ["Loving_County_TX", "Loving_County_TX", "Elk_County_PA"] });
    expect(twice.column("DAILY/Popsize.txt")[0]).toBe(String(82 + 31_946));
    expect(runText("", { locations: ["CA"] }).file("logs.txt")).toContain("a run has at most 5000000");
  });
});

describe("people", () => {
  const { people, ageDays, places } = peopleOf([JEFFERSON]);
  const ages = [...ageDays].map(yearsOf);
  const [households, schools, classrooms, workplaces, blockGroups, county] = places as PlaceKind[] as [
    PlaceKind,
    PlaceKind,
    PlaceKind,
    PlaceKind,
    PlaceKind,
    PlaceKind,
  ];

  test("are as many as the Census counted, of the ages of the table", () => {
    expect(people).toBe(45_200);
    const bands = figures("age_share");
    const all = bands.reduce((sum, { value }) => sum + value, 0);
    for (const { from, to, value } of bands) {
      const share = ages.filter((age) => age >= from && age <= to).length / people;
      expect(Math.abs(share - value / all)).toBeLessThan(0.001);
    }
  });

  test("live in households of the sizes of the table, headed by adults", () => {
    const sizes = sizesOf(households);
    for (const { from, value } of figures("household_size_share"))
      expect(Math.abs(sizes.filter((size) => size === from).length / sizes.length - value)).toBeLessThan(0.015);
    for (let home = 0; home < households.count; home++)
      expect(ages[households.members[households.starts[home]!]!]).toBeGreaterThanOrEqual(18);
  });

  test("are enrolled and employed at the rates of their ages", () => {
    const share = (from: number, to: number, { placeOf }: PlaceKind) => {
      const those = ages.flatMap((age, person) => (age >= from && age <= to ? [person] : []));
      return those.filter((person) => placeOf[person]! >= 0).length / those.length;
    };
    expect(Math.abs(share(10, 14, schools) - 0.981)).toBeLessThan(0.02);
    expect(Math.abs(share(20, 24, schools) - 0.335)).toBeLessThan(0.03);
    expect(Math.abs(share(35, 44, workplaces) - 0.792)).toBeLessThan(0.02);
    expect(share(0, 15, workplaces)).toBe(0);
  });

  test("learn beside those of their age, in rooms of at most 25", () => {
    expect(Math.max(...sizesOf(classrooms))).toBeLessThanOrEqual(25);
    for (let room = 0; room < classrooms.count; room++) {
      const members = [...classrooms.members.subarray(classrooms.starts[room], classrooms.starts[room + 1])];
      expect(new Set(members.map((person) => ages[person])).size).toBe(1);
      expect(new Set(members.map((person) => schools.placeOf[person])).size).toBe(1);
    }
  });

  test("have neighbours, whole households about a thousand at a time, and one county", () => {
    for (const size of sizesOf(blockGroups).slice(0, -1)) expect(Math.abs(size - 1000)).toBeLessThan(10);
    for (let person = 1; person < people; person++)
      if (households.placeOf[person] === households.placeOf[person - 1])
        expect(blockGroups.placeOf[person]).toBe(blockGroups.placeOf[person - 1]!);
    expect(sizesOf(county)).toEqual([people]);
  });

  test("are the same for one seed, whichever counties come beside theirs, and others for another", () => {
    const beside = peopleOf(["Loving_County_TX", JEFFERSON]);
    expect([...beside.ageDays.slice(82)]).toEqual([...ageDays]);
    expect(beside.places[3]!.placeOf[82 + 9]! - workplaces.placeOf[9]!).toBe(
      beside.places[3]!.placeOf[82 + 11]! - workplaces.placeOf[11]!,
    );
    expect([...peopleOf([JEFFERSON], 2n).ageDays]).not.toEqual([...ageDays]);
  });
});
