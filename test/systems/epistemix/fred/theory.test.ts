import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { runText } from "./runText";

setDefaultTimeout(300_000);

const ALONE = ["Household", "School", "Classroom", "Workplace", "Block_Group"]
  .map((place) => `place ${place} { contact_rate = 0 }\n`)
  .join("");
/** Hours a week in which the county is open. */
const OPEN_HOURS_A_WEEK = 5 * 6 + 2 * 12;

/** Everybody mixes in the county alone, at `rate` contacts an hour. */
const mixed = (rate: number, waits: { latent: string; infectious: string }, imported: number) => `${ALONE}
  place County { contact_rate = ${rate} }
  condition X {
    transmission_mode = proximity
    transmissibility = 1
    exposed_state = E
    start_state = S
    meta_start_state = M
    state S { X.sus = 1
      wait() }
    state E { X.sus = 0
      wait(${waits.latent})
      next(I) }
    state I { X.trans = 1
      wait(${waits.infectious})
      next(R) }
    state R { X.trans = 0
      wait() }
    state M { import_exposures(X, ${imported})
      wait() }
  }`;

test("the final size of a well-mixed epidemic is that of the equation", () => {
  const people = 45_200;
  for (const reproduction of [1.5, 2, 3]) {
    const text = mixed(reproduction / OPEN_HOURS_A_WEEK, { latent: "24", infectious: "24 * 7" }, 100);
    const run = runText(text, { locations: ["Jefferson_County_PA"], endDate: "2021-06-30" });
    let share = 0.9;
    for (let k = 0; k < 500; k++) share = 1 - (1 - 100 / people) * Math.exp(-reproduction * share);
    const size = run.daily("X.R").at(-1)! / people;
    expect(Math.abs(size / share - 1)).toBeLessThan(0.03);
  }
});

test("exponential waits give the curve of the SEIR equations", () => {
  const people = 153_990;
  const imported = 4000;
  const rate = 0.05;
  const [latent, infectious] = [72, 120];
  const waits = { latent: `exponential(${latent})`, infectious: `exponential(${infectious})` };
  const run = runText(mixed(rate, waits, imported), { locations: ["Centre_County_PA"], endDate: "2020-06-30" });
  let [s, e, i] = [people - imported, imported, 0];
  const curve = run.daily("X.I").map((_, day) => {
    // 2020-01-01 was a Wednesday.
    const weekend = (day + 3) % 7 === 0 || (day + 3) % 7 === 6;
    for (let hour = 0; hour < 24; hour++) {
      const open = hour >= (weekend ? 9 : 15) && hour < 21;
      const exposed = open ? (rate * i * s) / (people - 1) : 0;
      const [ill, over] = [e / latent, i / infectious];
      s -= exposed;
      e += exposed - ill;
      i += ill - over;
    }
    return i;
  });
  const simulated = run.daily("X.I");
  const [peak, simulatedPeak] = [Math.max(...curve), Math.max(...simulated)];
  expect(Math.abs(simulatedPeak / peak - 1)).toBeLessThan(0.03);
  expect(Math.abs(simulated.indexOf(simulatedPeak) - curve.indexOf(peak))).toBeLessThan(4);
  for (const [day, expected] of curve.entries()) expect(Math.abs(simulated[day]! - expected)).toBeLessThan(0.06 * peak);
});

describe("nobody is infected", () => {
  const flu = (change: (text: string) => string) =>
    runText(change(mixed(0.5, { latent: "24", infectious: "240" }, 5)))
      .daily("X.totE")
      .at(-1)!;

  test("but with susceptible people, contact and an import somebody is", () => {
    expect(flu((text) => text)).toBeGreaterThan(20);
  });

  test.each([
    ["without an import", (text: string) => text.replace("import_exposures(X, 5)", "import_exposures(X, 0)"), 0],
    ["without anybody susceptible", (text: string) => text.replace("X.sus = 1", "X.sus = 0"), 0],
    ["without contact", (text: string) => text.replace("contact_rate = 0.5", "contact_rate = 0"), 5],
    ["by who passes nothing on", (text: string) => text.replace("X.trans = 1", "X.trans = 0"), 5],
    ["by who stays away", (text: string) => text.replace("X.trans = 1", "X.trans = 1\nskip(County)"), 5],
    ["where all others stay away", (text: string) => text.replace("X.sus = 1", "X.sus = 1\nskip()"), 5],
  ])("%s", (_, change, expected) => {
    expect(flu(change)).toBe(expected);
  });
});
