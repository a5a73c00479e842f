import { expect, test } from "bun:test";
import { RequestError } from "../../../../../src/platform/errors";
import type { Card, CardState } from "../../../../../src/systems/filecoin/batch/gpu/card";
import { createEitherEngine } from "../../../../../src/systems/filecoin/batch/gpu/eitherEngine";
import type { BatchFigures } from "../../../../../src/systems/filecoin/batch/run/figures";
import type { BatchEngine } from "../../../../../src/systems/filecoin/batch/run/job";
import { scenarioFrom } from "../../../../../src/systems/filecoin/scenario";
import { history, jobOf } from "../support";

const READY: CardState = { phase: "ready", adapter: "a card", isSoftware: false, runsPerS: 10_000_000, leastMs: 5 };
const DONE: BatchFigures = {
  done: 1,
  bands: undefined,
  points: new Float64Array(0),
  kept: new Float64Array(0),
  notNumbers: new Int32Array(0),
  ran: { engine: "cpu-f64", notes: [] },
};
const cpu: BatchEngine = { run: async () => DONE };

/** A card that is lost over every batch. */
function lostCard(state: CardState): Card {
  const lost = new RequestError(503, "The GPU process crashed over this request and is started anew.");
  return { state: () => state, tried: async () => state, run: () => Promise.reject(lost) };
}

function engineWith(state: CardState) {
  const [card, workers, maxWaitS] = [lostCard(state), () => 4, 20];
  return createEitherEngine({ cpu, card, workers, maxWaitS, history: () => history, onDone: () => undefined });
}

const job = (runs: number, engine: "auto" | "gpu" | "cpu" = "auto") =>
  jobOf({
    engine,
    plan: { kind: "points", base: scenarioFrom({}, history.smoothed), inputs: ["rbp"], points: new Float64Array(runs) },
    runs,
    forecastDays: 3650,
  });

test("a batch that loses its card goes on on the CPU within the compute budget, and beyond it ends with 503", async () => {
  const engine = engineWith(READY);
  expect((await engine.run(job(100_000))).ran.notes[0]).toContain("crashed");
  const refused = await engine.run(job(1_000_000)).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RequestError);
  expect(refused).toMatchObject({ status: 503, detail: expect.stringContaining("the limit is 20 s") });
});

test("a batch that the CPU ends sooner, and any beside an adapter in software, stays on the CPU", async () => {
  expect((await engineWith(READY).run(job(10))).ran.notes).toEqual([]);
  expect((await engineWith({ ...READY, isSoftware: true }).run(job(100_000))).ran.notes).toEqual([]);
  expect((await engineWith(READY).run(job(100_000, "cpu"))).ran.notes).toEqual([]);
});

test("a million runs are let in by a real card alone", () => {
  expect(engineWith(READY).maxRuns()).toBe(1_000_000);
  expect(engineWith({ ...READY, isSoftware: true }).maxRuns()).toBe(100_000);
  expect(engineWith({ phase: "untried" }).maxRuns()).toBe(100_000);
});
