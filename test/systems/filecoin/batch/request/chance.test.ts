import { describe, expect, test } from "bun:test";
import { correlation } from "../../../../../src/numeric/correlation";
import { medianOf } from "../../../../../src/numeric/quantiles";
import { seededRandom } from "../../../../../src/platform/random";
import { type ChancePlan, chanceMaker, type Wandering } from "../../../../../src/systems/filecoin/batch/request/chance";
import { type Distribution, valueAt } from "../../../../../src/systems/filecoin/batch/request/distribution";
import { fitRates, type RateFit, weeksOf } from "../../../../../src/systems/filecoin/batch/request/rateProcess";
import type { HistorySnapshot } from "../../../../../src/systems/filecoin/history/snapshot";
import { type Scenario, scenarioFrom } from "../../../../../src/systems/filecoin/scenario";
import { history } from "../support";

const seed = Number(process.env["TEST_SEED"] ?? 5);
const base = scenarioFrom({ forecast_length_days: 700 }, history.smoothed);
/** The rates of a scenario in which all three wander. */
const pathsOf = (scenario: Scenario) =>
  scenario as Scenario & Record<"rbpPibPerDay" | "renewalRate" | "filPlusRate", Float64Array>;
const logOdds = (share: number) => Math.log(share / (1 - share));

function planOf(wandering: Partial<Wandering> = {}, fit: RateFit = fitRates(history, 52)): ChancePlan {
  const usual: Wandering = { method: "mean_reverting", fit, inputs: ["rbp", "rr", "fpr"], blockWeeks: 8 };
  return { seed, wandering: { ...usual, ...wandering }, levels: [], levelMixing: new Float64Array(0) };
}

/** A history whose rates are an autoregression of known figures. */
function madeUp(persistence: number, weeks: number): HistorySnapshot {
  const random = seededRandom(seed);
  const normal = () => Array.from({ length: 12 }, () => random.next()).reduce((sum, x) => sum + x, -6);
  const days = weeks * 7;
  const made = { ...history, renewalRate: new Float64Array(days) };
  made.onboardedRawPib = new Float64Array(days + 1);
  made.onboardedQaPib = new Float64Array(days + 1);
  let [a, b] = [0, 0];
  for (let day = 0; day < days; day++) {
    if (day % 7 === 0) {
      const common = normal();
      a = persistence * a + 0.2 * common;
      b = persistence * b + 0.2 * (0.6 * common + 0.8 * normal());
    }
    made.onboardedRawPib[day] = 5 * Math.exp(a);
    made.onboardedQaPib[day] = made.onboardedRawPib[day]! * (1 + 9 * 0.7);
    made.renewalRate[day] = 1 / (1 + Math.exp(-b));
  }
  return made;
}

describe("a fit", () => {
  test("finds the figures of an autoregression that made the history", () => {
    const fit = fitRates(madeUp(0.8, 4000), 4000);
    expect(fit.persistence[0]).toBeCloseTo(0.8, 1);
    expect(fit.sd[0]! / (0.2 / 0.6)).toBeCloseTo(1, 1);
    expect(fit.correlations[1]).toBeCloseTo(0.6, 1);
    expect(fit.sd[2]!).toBeCloseTo(0, 10);
  });

  test("uses the last weeks of the history alone", () => {
    const changed = { ...history, onboardedRawPib: history.onboardedRawPib.slice() };
    changed.onboardedRawPib.fill(1000, 0, changed.onboardedRawPib.length - 1 - 7 * 52);
    expect(fitRates(changed, 52)).toEqual(fitRates(history, 52));
    expect(fitRates(changed, 60)).not.toEqual(fitRates(history, 60));
    expect(weeksOf(history)).toBe(152);
  });
});

describe("rates by chance", () => {
  test("a run is the same whoever makes it and whatever was made before", () => {
    const make = chanceMaker(base, planOf());
    make(3);
    const again = structuredClone(make(7));
    expect(chanceMaker(base, planOf())(7)).toEqual(again);
    expect(make(8)).not.toEqual(again);
  });

  test("keep the persistence, spread and correlation of the fit about the scenario's values", () => {
    const fit = { ...fitRates(madeUp(0.7, 1000), 1000), start: new Float64Array(3) };
    const make = chanceMaker(
      scenarioFrom({ ...{ forecast_length_days: 700, rbp: 3, rr: 0.8, fpr: 0.9 } }, history.smoothed),
      planOf({}, fit),
    );
    const [now, before, other]: number[][] = [[], [], []];
    const runs = 3000;
    for (let run = 0; run < runs; run++) {
      const { rbpPibPerDay, renewalRate } = pathsOf(make(run));
      now!.push(Math.log(rbpPibPerDay[693]! / 3));
      before!.push(Math.log(rbpPibPerDay[686]! / 3));
      other!.push(logOdds(renewalRate[693]!) - logOdds(0.8));
    }
    expect(Math.abs(medianOf(now!))).toBeLessThan(0.03);
    const sd = Math.sqrt(now!.reduce((sum, x) => sum + x * x, 0) / runs);
    expect(sd / fit.sd[0]!).toBeCloseTo(1, 1);
    expect(Math.abs(correlation(now!, before!) - fit.persistence[0]!)).toBeLessThan(0.04);
    expect(Math.abs(correlation(now!, other!) - fit.correlations[1]!)).toBeLessThan(0.05);
  });

  test("begin where the last week was and return from there", () => {
    const fit = { ...fitRates(history, 52), start: Float64Array.of(2, 0, 0) };
    const quiet = { ...fit, shocks: new Float64Array(9) };
    const { rbpPibPerDay } = pathsOf(chanceMaker(base, planOf({}, quiet))(0));
    expect(rbpPibPerDay[0]).toBeCloseTo(history.smoothed.rawBytePower * Math.exp(2), 10);
    expect(rbpPibPerDay[7]).toBeCloseTo(history.smoothed.rawBytePower * Math.exp(2 * fit.persistence[0]!), 10);
    expect(rbpPibPerDay[699]).toBeCloseTo(history.smoothed.rawBytePower, 6);
  });

  test.each(["mean_reverting", "block_bootstrap"] as const)(
    "%s: shares stay shares, onboarding stays positive",
    (method) => {
      for (const centre of [0, 0.02, 0.98, 1, 1.3]) {
        const make = chanceMaker(
          scenarioFrom({ forecast_length_days: 700, rr: centre, fpr: centre }, history.smoothed),
          planOf({ method }),
        );
        for (let run = 0; run < 40; run++) {
          const made = pathsOf(make(run));
          for (const name of ["renewalRate", "filPlusRate"] as const) {
            expect(made[name].every((share) => share >= 0 && share <= 1)).toBe(true);
          }
          expect(made.rbpPibPerDay.every((rbp) => rbp > 0 && Number.isFinite(rbp))).toBe(true);
        }
      }
    },
  );

  test("a bootstrap takes weeks of the history in pieces, the three rates together", () => {
    const fit = fitRates(history, 52);
    const make = chanceMaker(base, planOf({ method: "block_bootstrap", blockWeeks: 4 }, fit));
    const { rbpPibPerDay, renewalRate } = pathsOf(make(1));
    const weeks = Array.from({ length: 100 }, (_, knot) => {
      const deviation = Math.log(rbpPibPerDay[7 * knot]! / history.smoothed.rawBytePower);
      const week = Array.from({ length: 52 }, (_, w) => w).find(
        (w) => Math.abs(fit.deviations[3 * w]! - deviation) < 1e-9,
      );
      const odds = logOdds(renewalRate[7 * knot]!) - logOdds(history.smoothed.renewalRate);
      expect(fit.deviations[3 * week! + 1]).toBeCloseTo(odds, 8);
      return week!;
    });
    for (const [knot, week] of weeks.entries()) {
      if (knot % 4 !== 0) expect(week).toBe((weeks[knot - 1]! + 1) % 52);
    }
    expect(new Set(weeks).size).toBeGreaterThan(20);
  });

  test("wander about a vector day by day, and leave fixed what does not wander", () => {
    const rbp = Array.from({ length: 700 }, (_, day) => 1 + day);
    const centre = scenarioFrom({ forecast_length_days: 700, rbp }, history.smoothed);
    const quiet = { ...fitRates(history, 52), start: new Float64Array(3), shocks: new Float64Array(9) };
    const made = chanceMaker(centre, planOf({ inputs: ["rbp"] }, quiet))(0);
    expect([...pathsOf(made).rbpPibPerDay]).toEqual(rbp);
    expect(made.renewalRate).toBe(history.smoothed.renewalRate);
  });
});

describe("given distributions", () => {
  const all: Distribution[] = [
    { kind: "uniform", low: 1, high: 3 },
    { kind: "triangular", low: 0, mode: 1, high: 4 },
    { kind: "normal", mean: 5, sd: 2 },
    { kind: "lognormal", median: 3, log_sd: 0.5 },
    { kind: "values", values: [1, 2, 3, 10] },
  ];

  test("rise with the draw, and have their middle at its middle", () => {
    for (const distribution of all) {
      let before = Number.NEGATIVE_INFINITY;
      for (let z = -6; z <= 6; z += 0.05) {
        expect(valueAt(distribution, z)).toBeGreaterThanOrEqual(before);
        before = valueAt(distribution, z);
      }
    }
    expect(all.map((distribution) => valueAt(distribution, 0))).toEqual([2, 4 - Math.sqrt(6), 5, 3, 3]);
    expect([valueAt(all[1]!, -9), valueAt(all[1]!, 9)]).toEqual([expect.closeTo(0, 6), expect.closeTo(4, 6)]);
  });

  test("are drawn once for a run, with the correlation that is asked", () => {
    const levels = [
      { input: "rbp", distribution: { kind: "uniform", low: 1, high: 3 } },
      { input: "sector_duration_days", distribution: { kind: "triangular", low: 180, mode: 360, high: 540 } },
    ] as const;
    const make = chanceMaker(base, { seed, levels, levelMixing: Float64Array.of(1, 0, 0.8, 0.6) });
    const drawn = Array.from({ length: 4000 }, (_, run) => ({ ...make(run) }));
    const rbp = drawn.map(({ rbpPibPerDay }) => rbpPibPerDay as number);
    const life = drawn.map(({ sectorDays }) => sectorDays);
    expect(life.every(Number.isInteger)).toBe(true);
    expect([Math.min(...rbp) >= 1, Math.max(...rbp) <= 3]).toEqual([true, true]);
    expect(Math.abs(correlation(rbp, life) - 0.78)).toBeLessThan(0.05);
    expect(drawn[0]!.renewalRate).toBe(history.smoothed.renewalRate);
  });
});
