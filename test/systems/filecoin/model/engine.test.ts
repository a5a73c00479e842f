import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { type Engine, prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { protocolBaseline } from "../../../../src/systems/filecoin/model/minting";
import { type Scenario, type ScenarioMembers, scenarioFrom } from "../../../../src/systems/filecoin/scenario";
import { OUTPUT_NAMES, type OutputName } from "../../../../src/systems/filecoin/schema/series";

const history = sampleHistory();
const engine = prepareEngine(history);
const HISTORY_DAYS = 1065;
const seed = Number(process.env["TEST_SEED"] ?? 20250909);

function scenario(members: ScenarioMembers): Scenario {
  return scenarioFrom(members, history.smoothed);
}

function results(of: Engine, members: ScenarioMembers, names = OUTPUT_NAMES): Record<string, Float64Array> {
  const run = forecast(of, scenario(members), names);
  return Object.fromEntries(names.map((name) => [name, run.series(name).slice()]));
}

/** The first entry in which two results differ, NaN being like NaN; none when they are alike to the last bit. */
function difference(a: Record<string, Float64Array>, b: Record<string, Float64Array>): string | undefined {
  for (const [name, values] of Object.entries(a)) {
    const others = b[name]!;
    if (values.length !== others.length) return `${name}: ${values.length} and ${others.length} entries`;
    const at = values.findIndex((value, i) => !Object.is(value, others[i]));
    if (at >= 0) return `${name}[${at}]: ${values[at]} and ${others[at]}`;
  }
  return undefined;
}

const ratio = fc.double({ min: 0, max: 1.2, noNaN: true });
const anyMembers: fc.Arbitrary<ScenarioMembers> = fc.record({
  forecast_length_days: fc.integer({ min: 1, max: 1200 }),
  sector_duration_days: fc.integer({ min: 1, max: 700 }),
  rbp: fc.double({ min: 0, max: 60, noNaN: true }),
  rr: ratio,
  fpr: ratio,
  lock_target: ratio,
  gamma: ratio,
  gamma_weight_type: fc.constantFrom(0, 1, 2),
  use_available_supply: fc.boolean(),
  known_trim: fc.constantFrom("none", "server"),
});

describe("an engine that has run other scenarios", () => {
  test("gives what a new one gives, bit for bit", () => {
    const rule = fc.property(anyMembers, anyMembers, (first, second) => {
      forecast(engine, scenario(first));
      const fresh = prepareEngine(history, second.forecast_length_days!);
      expect(difference(results(engine, second), results(fresh, second))).toBeUndefined();
    });
    fc.assert(rule, { numRuns: 25, seed });
  });

  test("gives a single series as it gives all of them", () => {
    const members = { forecast_length_days: 500, sector_duration_days: 180 };
    const all = results(engine, members);
    for (const name of OUTPUT_NAMES) {
      forecast(engine, scenario({ rbp: 30, forecast_length_days: 800, lock_target: 0.1 }));
      expect(difference(results(engine, members, [name]), all)).toBeUndefined();
    }
  });
});

test("the history is the same in every scenario, whatever is assumed of the days to come", () => {
  const untouched = OUTPUT_NAMES.filter((name) => !/sched_expire|^1y_|supply$|pledge|locked/.test(name));
  const rule = fc.property(anyMembers, (members) => {
    const usual = results(engine, { forecast_length_days: 1 });
    const other = results(engine, members);
    for (const name of untouched) {
      expect(other[name]!.subarray(0, HISTORY_DAYS)).toEqual(usual[name]!.subarray(0, HISTORY_DAYS));
    }
  });
  fc.assert(rule, { numRuns: 20, seed });
});

test("no token appears or is lost: what is free, locked and burnt is what was disbursed, minted and vested", () => {
  let checked = 0;
  const rule = fc.property(anyMembers, (members) => {
    const series = results(engine, members);
    const at = (name: OutputName, i: number) => series[name]![i]!;
    for (let i = 1; i < series["circ_supply"]!.length; i++) {
      // A supply that was cut off at zero, or that is no number, is not what is left over.
      if (!(at("circ_supply", i) > 0)) continue;
      checked++;
      const held = at("circ_supply", i) + at("network_locked", i) + at("network_gas_burn", i);
      const made = at("disbursed_reserve", i) + at("cum_network_reward", i) + at("total_vest", i);
      expect(Math.abs(held - made)).toBeLessThan(1e-5);
    }
  });
  fc.assert(rule, { numRuns: 25, seed });
  expect(checked).toBeGreaterThan(25 * HISTORY_DAYS - 1);
});

test("power that ends comes from what was onboarded or renewed a sector's life before", () => {
  const members = { forecast_length_days: 700, sector_duration_days: 200, rbp: 4, rr: 0.5 };
  const series = results(engine, members);
  const beyondTables = history.scheduledExpireRawPib.length;
  expect(beyondTables).toBeGreaterThan(700);
  for (let j = 200; j < 700; j++) {
    const began = HISTORY_DAYS + 1 + j - 200;
    const ended = series["rb_day_onboarded_power_pib"]![began]! + series["rb_day_renewed_power_pib"]![began]!;
    const expected = history.scheduledExpireRawPib[j]! + ended;
    expect(series["rb_sched_expire_power_pib"]![j]).toBeCloseTo(expected, 12);
  }
});

describe("options", () => {
  const days = 200;
  const members = { forecast_length_days: days };

  test("a baseline of one's own that is the protocol's changes nothing, another one changes the history too", () => {
    const same = protocolBaseline(history.baselineAtStartEib, HISTORY_DAYS + days);
    const usual = results(engine, members);
    expect(results(engine, { ...members, baseline_eib: same })).toEqual(usual);
    const lower = results(engine, { ...members, baseline_eib: same.map((eib) => eib / 10) });
    expect(lower["network_baseline_EIB"]![0]).toBe(same[0]! / 10);
    expect(lower["cum_network_reward"]![HISTORY_DAYS]).toBeLessThan(usual["cum_network_reward"]![HISTORY_DAYS]!);
  });

  test("pledge may look at the available supply", () => {
    const usual = results(engine, members)["day_locked_pledge"]!;
    const other = results(engine, { ...members, use_available_supply: true })["day_locked_pledge"]!;
    expect(other.at(-1)!).toBeLessThan(usual.at(-1)!);
  });

  test("the renewal of quality-adjusted power may be scaled, and leaves raw power as it is", () => {
    const usual = results(engine, members);
    const half = results(engine, { ...members, qa_renew_relative_multiplier: 0.5 });
    const name = "qa_day_renewed_power_pib";
    expect(half[name]![HISTORY_DAYS + 1]).toBeCloseTo(usual[name]![HISTORY_DAYS + 1]! / 2, 10);
    expect(half["rb_total_power_eib"]).toEqual(usual["rb_total_power_eib"]!);
  });

  test("a list of one value is that value on every day", () => {
    expect(results(engine, { ...members, rbp: [3], gamma: [0.8] })).toEqual(
      results(engine, { ...members, rbp: 3, gamma: 0.8 }),
    );
  });
});

describe("what an engine cannot run is refused", () => {
  const small = prepareEngine(history, 100);
  const cases: [ScenarioMembers, string][] = [
    [{ forecast_length_days: 101 }, "forecast: expected 1 to 100 days, got 101"],
    [{ forecast_length_days: 0 }, "forecast: expected 1 to 100 days, got 0"],
    [{ forecast_length_days: Number.NaN }, "forecast: expected 1 to 100 days, got NaN"],
    [{ forecast_length_days: 10, sector_duration_days: 0 }, "sector duration: expected 1 day or more, got 0"],
    [{ forecast_length_days: 10, rr: [1, 2] }, "rr: expected 1 or 10 values, got 2"],
    [{ forecast_length_days: 10, lock_target: [] }, "lock_target: expected 1 or 10 values, got 0"],
    [{ forecast_length_days: 10, baseline_eib: [1] }, "baseline_eib: expected 1075 values, got 1"],
  ];
  for (const [members, message] of cases) {
    test(message, () => expect(() => forecast(small, scenario(members))).toThrow(message));
  }
});
