import { expect, setDefaultTimeout, test } from "bun:test";
import { FLU } from "./flu";
import { runText } from "./runText";

setDefaultTimeout(600_000);

const COUNTIES = ["Jefferson_County_PA", "Autauga_County_AL", "Elk_County_PA"];
const SEEDS = 20;
const IMPORTED = 100;

/** Who caught it from whom, and where: one line each. */
const TRACED = `${FLU.replace("import_exposures(FLU, 10)", `import_exposures(FLU, ${IMPORTED})`)}
startup { open_csv(caught.csv, "id") }
state FLU.Caught {
  print_csv(caught.csv, id(), source(FLU), was_exposed_in(FLU,Household), \\
    was_exposed_in(FLU,School) + was_exposed_in(FLU,Classroom) + was_exposed_in(FLU,Workplace))
}`;

function traced(location: string, seed: number, endDate: string, text = TRACED) {
  const run = runText(text, { locations: [location], seed: BigInt(seed), endDate });
  const rows = run.file("USER_OUTPUT/caught.csv")!.trimEnd().split("\n").slice(1);
  return rows.map((row) => row.split(",").map(Number) as [id: number, source: number, home: number, work: number]);
}

test("transmissibility 1 gives the tutorial flu a reproduction number of 1.4 in three counties", () => {
  for (const location of COUNTIES) {
    let second = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const rows = traced(location, seed, "2020-01-28");
      const first = new Set(rows.filter(([, source]) => source < 0).map(([id]) => id));
      expect(first.size).toBe(IMPORTED);
      second += rows.filter(([, source]) => first.has(source)).length;
    }
    const reproduction = second / SEEDS / IMPORTED;
    expect(reproduction).toBeGreaterThan(1.3);
    expect(reproduction).toBeLessThan(1.5);
  }
});

test("of a hundred infections thirty are at home, 37 at school or work, 33 in the community", () => {
  const rows = COUNTIES.flatMap((location, k) => traced(location, k + 1, "2020-06-30"));
  const caught = rows.filter(([, source]) => source >= 0);
  const share = (count: number) => (100 * count) / caught.length;
  const home = share(caught.filter(([, , atHome]) => atHome === 1).length);
  const work = share(caught.filter(([, , , atWork]) => atWork === 1).length);
  expect(Math.abs(home - 30)).toBeLessThan(3);
  expect(Math.abs(work - 37)).toBeLessThan(3);
  expect(Math.abs(100 - home - work - 33)).toBeLessThan(3);
});
