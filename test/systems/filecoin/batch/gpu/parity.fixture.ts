import { openGpu } from "../../../../../src/gpu/gpu";
import { tryDevice } from "../../../../../src/systems/filecoin/batch/gpu/trial";
import { sampleHistory } from "../../../../../src/systems/filecoin/history/sample";
import { prepareEngine } from "../../../../../src/systems/filecoin/model/engine";
import { scenarioFrom } from "../../../../../src/systems/filecoin/scenario";
import { casesIn } from "../../model/goldenCase";
import { type EngineCase, engineCases } from "./cases";
import { bandParity, parityOf, withPlainSums } from "./parity";

// Runs the table of cases on the adapter of the environment and prints what it found, a process of its own: the
// environment that names the adapter is read when the library is loaded.

const [runs = 16, chanceRuns = 128] = process.argv.slice(2).map(Number);
const gpu = await openGpu();
if (gpu === undefined) throw new Error("no adapter");
const history = sampleHistory();
const engine = prepareEngine(history);
const cases = engineCases(history, runs);
const chance = { ...cases.find(({ name }) => name === "chance")!, runs: chanceRuns };
const goldens = casesIn("sample").map((golden): EngineCase => {
  const scenario = scenarioFrom(golden.input, history.smoothed);
  return {
    name: golden.case,
    plan: { kind: "list", scenarios: [scenario] },
    runs: 1,
    forecastDays: scenario.forecastDays,
  };
});
const found = [];
for (const one of [...cases, ...goldens, { ...chance, name: `chance, ${chanceRuns} runs` }]) {
  found.push(await parityOf(gpu, engine, one));
}
const short = { ...chance, runs: chanceRuns, forecastDays: 700 };
const shortPlan = {
  ...short,
  plan: { ...short.plan, base: scenarioFrom({ forecast_length_days: 700 }, history.smoothed) },
};
const bands = {
  exact: await bandParity(gpu, engine, shortPlan as EngineCase, "exact"),
  histogram: await bandParity(gpu, engine, shortPlan as EngineCase, "histogram"),
};
const plain = [];
for (const one of cases.slice(0, 3)) plain.push(await parityOf(withPlainSums(gpu), engine, one));
const trial = await tryDevice(gpu, engine, false);
await Bun.write(Bun.stdout, JSON.stringify({ adapter: gpu.identity, found, bands, plain, trial }));
process.exit(0);
