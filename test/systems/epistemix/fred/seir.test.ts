import { describe, expect, test } from "bun:test";
import { runModel } from "../../../../src/systems/epistemix/fred";
import { runText } from "./runText";

const ONE_LINE = "condition INF { transmissibility = 0.6 }";

describe("without a model that has states the built-in SEIR model runs", () => {
  test("under the condition's name, and the log says so", () => {
    const run = runText(ONE_LINE, { endDate: "2020-03-31" });
    expect(run.status).toBe("done");
    expect(run.file("logs.txt")).toContain("INFO: no model with states is given: the built-in SEIR model runs");
    expect(JSON.parse(run.file("conditions.json")!)).toEqual([{ name: "INF", states: ["S", "E", "I", "R"] }]);
    for (let day = 0; day < 91; day++) {
      const there = ["S", "E", "I", "R"].map((state) => run.daily(`INF.${state}`)[day]!);
      expect(there.reduce((sum, count) => sum + count)).toBe(82);
    }
  });

  test("also where no file was sent", () => {
    const options = { seed: 1n, startDate: "2020-01-01", endDate: "2020-01-02", locations: ["Loving_County_TX"] };
    const { status, files } = runModel({ files: {}, main: "main.fred", options, nowMs: () => 0 });
    expect(status).toBe("done");
    expect(files.map(({ path }) => path)).toContain("DAILY/SEIR.newI.txt");
  });

  test("with the final size of its equations", () => {
    const parameters = { beta: "0.4", gamma: "0.2", sigma: "0.5", population: "1000000", initial_infected: "1000" };
    const run = runText(ONE_LINE, { endDate: "2021-12-31", parameters });
    let share = 0.9;
    for (let k = 0; k < 500; k++) share = 1 - 0.999 * Math.exp(-2 * share);
    expect(Math.abs(run.daily("INF.R").at(-1)! / 1_000_000 / share - 1)).toBeLessThan(0.03);
    expect(run.daily("INF.totI").at(-1)).toBe(run.daily("INF.R").at(-1)!);
  });

  test("and refuses what it does not know", () => {
    expect(runText(ONE_LINE, { parameters: { betta: "1" } }).file("logs.txt")).toContain(
      "the model has no shared variable betta; the nearest known is beta; it has beta, sigma, gamma, initial_infected, population",
    );
    expect(runText(ONE_LINE, { parameters: { beta: "-1" } }).file("logs.txt")).toContain("beta must lie between 0 and");
  });
});
