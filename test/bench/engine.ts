/**
 * Medians of the Filecoin engine on the sample: `bun test/bench/engine.ts`. Each run has a scenario of its own; the
 * kinds take turns, so that whatever else the machine does falls on all of them alike.
 */

import { seededRandom } from "../../src/platform/random";
import { type AnswerShape, CONTRACT_SHAPE } from "../../src/systems/filecoin/answers/shape";
import { runSimulation } from "../../src/systems/filecoin/answers/simulation";
import { sampleHistory } from "../../src/systems/filecoin/history/sample";
import { prepareEngine } from "../../src/systems/filecoin/model/engine";
import { forecast } from "../../src/systems/filecoin/model/forecast";
import { type Scenario, scenarioFrom } from "../../src/systems/filecoin/scenario";
import { OUTPUT_NAMES, type OutputName } from "../../src/systems/filecoin/schema/series";

const ROUNDS = 300;
const WARM_UP_ROUNDS = 100;
const FIVE: OutputName[] = ["circ_supply", "network_locked", "day_network_reward", "network_RBP_EIB", "1y_sector_roi"];

const history = sampleHistory();
const engine = prepareEngine(history);
const random = seededRandom(1);

function nextScenario(): Scenario {
  const rbp = 1 + 9 * random.next();
  return scenarioFrom(
    { rbp, rr: random.next(), fpr: random.next(), lock_target: 0.1 + 0.3 * random.next() },
    history.smoothed,
  );
}

const answer =
  (shape: Partial<AnswerShape>, names: readonly OutputName[] = OUTPUT_NAMES) =>
  () =>
    runSimulation(engine, nextScenario(), names, { ...CONTRACT_SHAPE, ...shape });

const kinds: [name: string, run: () => unknown][] = [
  ["prepare a snapshot", () => prepareEngine(history)],
  ["engine, ten years, 44 series", () => forecast(engine, nextScenario())],
  ["engine, ten years, five series", () => forecast(engine, nextScenario(), FIVE)],
  ["engine and answer, weekly, rounded", answer({})],
  ["engine and answer, five series", answer({}, FIVE)],
  ["engine and answer, daily, rounded", answer({ sampling: "daily" })],
  ["engine and answer, daily, full", answer({ sampling: "daily", precision: "full" })],
  ["engine and answer, CSV, daily, full", answer({ sampling: "daily", precision: "full", format: "csv" })],
];

const times = kinds.map(() => new Float64Array(ROUNDS));
for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
  for (const [kind, [, run]] of kinds.entries()) {
    const started = performance.now();
    run();
    if (round >= 0) times[kind]![round] = performance.now() - started;
  }
}

for (const [kind, [name]] of kinds.entries()) {
  const sorted = times[kind]!.sort();
  const at = (share: number) => sorted[Math.floor(share * (ROUNDS - 1))]!.toFixed(3).padStart(8);
  console.log(`${name.padEnd(38)} median ${at(0.5)} ms   p95 ${at(0.95)} ms`);
}
