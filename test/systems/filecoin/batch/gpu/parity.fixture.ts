import { join } from "node:path";
import { openGpu } from "../../../../../src/gpu/gpu";
import { tryDevice } from "../../../../../src/systems/filecoin/batch/gpu/trial";
import { parseHistory } from "../../../../../src/systems/filecoin/history/file";
import { sampleHistory } from "../../../../../src/systems/filecoin/history/sample";
import type { HistorySnapshot } from "../../../../../src/systems/filecoin/history/snapshot";
import { prepareEngine } from "../../../../../src/systems/filecoin/model/engine";
import { scenarioFrom } from "../../../../../src/systems/filecoin/scenario";
import { casesIn, goldens, readJson } from "../../model/goldenCase";
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
/** The recorded runs of the original on a history. */
const recorded = (folder: string, { smoothed }: HistorySnapshot) =>
  casesIn(folder).map((golden): EngineCase => {
    const scenario = scenarioFrom(golden.input, smoothed);
    const { forecastDays } = scenario;
    return { name: golden.case, plan: { kind: "list", scenarios: [scenario] }, runs: 1, forecastDays };
  });
const found = [];
for (const one of [...cases, ...recorded("sample", history), { ...chance, name: `chance, ${chanceRuns} runs` }]) {
  found.push(await parityOf(gpu, engine, one));
}
const full = parseHistory(readJson(join(goldens, "history.json")));
const fullEngine = prepareEngine(full);
for (const one of recorded("cases", full)) found.push(await parityOf(gpu, fullEngine, one));
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
