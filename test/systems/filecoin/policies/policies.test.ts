import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { epochDay } from "../../../../src/numeric/calendar";
import { valid } from "../../../../src/platform/http/input";
import { CONTRACT_SHAPE } from "../../../../src/systems/filecoin/answers/shape";
import { runSimulation } from "../../../../src/systems/filecoin/answers/simulation";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { spreadRamp } from "../../../../src/systems/filecoin/policies/gammaRamp";
import { scenarioFrom } from "../../../../src/systems/filecoin/scenario";
import { simulateRequest } from "../../../../src/systems/filecoin/schema/requests";
import { OUTPUT_NAMES, type OutputName } from "../../../../src/systems/filecoin/schema/series";

const history = sampleHistory();
const engine = prepareEngine(history);
const HISTORY_DAYS = 1065;
const startDay = epochDay(history.startDate)!;
const seed = Number(process.env["TEST_SEED"] ?? 20250909);

type Results = Record<OutputName, Float64Array>;

function results(body: object): Results {
  const run = forecast(engine, scenarioFrom(valid(simulateRequest, body, "body"), history.smoothed));
  return Object.fromEntries(OUTPUT_NAMES.map((name) => [name, run.series(name).slice()])) as Results;
}

const members = { forecast_length_days: 900, sector_duration_days: 300, rbp: 4 };

describe("FIP-100, a fee on sectors", () => {
  test.each([
    ["a fee of nothing", { supply_share_per_byte: 0 }],
    ["a fee that is capped at nothing", { reward_cap: 0 }],
    ["a fee that begins after the last day", { start: "2035-01-01" }],
  ])("%s changes nothing, to the last bit", (_, fip100) => {
    expect(results({ ...members, fip100 })).toEqual(results(members));
  });

  test("leaves no trace in the runs that follow it", () => {
    const usual = results(members);
    results({ ...members, fip100: true });
    expect(results(members)).toEqual(usual);
  });

  test("is what a book of all sectors adds up to", () => {
    const anyFee = fc.record({
      start: fc.constantFrom("2022-10-10", "2025-04-14", "2025-09-09", "2026-05-05"),
      supply_share_per_byte: fc.double({ min: 0, max: 1e-23, noNaN: true }),
      reward_cap: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const rule = fc.property(anyFee, fc.integer({ min: 1, max: 400 }), (fip100, sectorDays) => {
      const body = { forecast_length_days: 450, sector_duration_days: sectorDays, fip100 };
      const series = results(body);
      const first = Math.max(1, epochDay(fip100.start)! - startDay);
      let burnt = 0;
      for (let i = HISTORY_DAYS + 1; i < HISTORY_DAYS + 450; i++) {
        let owed = 0;
        let payingPib = 0;
        for (let began = Math.max(first, i - sectorDays + 1); began <= i; began++) {
          const power = series.qa_day_onboarded_power_pib[began]! + series.qa_day_renewed_power_pib[began]!;
          owed += fip100.supply_share_per_byte * 2 ** 50 * series.circ_supply[began - 1]! * power;
          payingPib += power;
        }
        const covered = Math.min(1, payingPib / (1024 * series.qa_total_power_eib[i]!));
        burnt += Math.min(owed, fip100.reward_cap * series.day_network_reward[i]! * covered);
        const plain = history.burntFil.at(-1)! + (i - HISTORY_DAYS) * history.burntPerDayFil;
        expect(Math.abs(series.network_gas_burn[i]! - plain - burnt)).toBeLessThan(1e-3);
      }
    });
    fc.assert(rule, { numRuns: 8, seed });
  });

  test("takes nothing out of the world: what is free, locked and burnt is what was disbursed, minted and vested", () => {
    for (const fip100 of [true, { supply_share_per_byte: 1e-22 }]) {
      const series = results({ ...members, fip100 });
      for (let i = 1; i < series.circ_supply.length; i++) {
        const held = series.circ_supply[i]! + series.network_locked[i]! + series.network_gas_burn[i]!;
        const made = series.disbursed_reserve[i]! + series.cum_network_reward[i]! + series.total_vest[i]!;
        expect(Math.abs(held - made)).toBeLessThan(1e-5);
      }
    }
  });

  test("burns more and leaves less in circulation, as much of it as is expected of the protocol's figures", () => {
    const before = results(members);
    const after = results({ ...members, fip100: true });
    const fees = after.network_gas_burn.at(-1)! - before.network_gas_burn.at(-1)!;
    expect(fees).toBeGreaterThan(1e5);
    expect(fees).toBeLessThan(0.5 * (after.cum_network_reward.at(-1)! - after.cum_network_reward[HISTORY_DAYS]!));
    expect(after.circ_supply.at(-1)!).toBeLessThan(before.circ_supply.at(-1)!);
    expect(after.network_gas_burn[HISTORY_DAYS]).toBe(before.network_gas_burn[HISTORY_DAYS]!);
  });

  test("where the cap binds, a sector keeps half of each reward", () => {
    const series = results({ ...members, fip100: { start: "2022-10-10", supply_share_per_byte: 1e-20 } });
    const usual = results(members);
    for (let i = 1; i < usual["1y_return_per_sector"].length; i++) {
      expect(series["1y_return_per_sector"][i]! / usual["1y_return_per_sector"][i]!).toBeCloseTo(0.5, 10);
    }
    expect(series.day_rewards_per_sector[5]).toBeCloseTo(usual.day_rewards_per_sector[5]! / 2, 15);
  });

  test("a sector pays what it took on: 5.56e-15 of the supply a day, from its date on", () => {
    const series = results({ ...members, fip100: true });
    const usual = results(members);
    const first = epochDay("2025-04-14")! - startDay;
    expect(series["1y_return_per_sector"].subarray(0, first)).toEqual(usual["1y_return_per_sector"].subarray(0, first));
    const owed = 5.56e-15 * series.circ_supply[first - 1]!;
    const lost = usual["1y_return_per_sector"][first]! - series["1y_return_per_sector"][first]!;
    expect(lost / (365 * owed)).toBeCloseTo(1, 4);
    expect(series["1y_sector_roi"][first]).toBe(
      series["1y_return_per_sector"][first]! / series.day_pledge_per_QAP[first]!,
    );
  });
});

describe("FIP-81, the fall of gamma", () => {
  const gammaOf = (startDate: string, today: string, days: number) => {
    const gamma = new Float64Array(days);
    spreadRamp({ startDay: epochDay(startDate)!, rampDays: 365, floor: 0.7 }, epochDay(today)!, days, gamma, 0);
    return gamma;
  };

  test("falls evenly from 1 to 0.7 in the year after its activation", () => {
    const gamma = gammaOf("2024-11-21", "2024-11-21", 400);
    expect([gamma[0], gamma[364], gamma[399]]).toEqual([1, 0.7, 0.7]);
    expect(gamma[182]).toBeCloseTo(0.85, 12);
  });

  test("what is left of it begins where it stands", () => {
    const gamma = gammaOf("2024-11-21", "2025-09-09", 100);
    expect(gamma[0]).toBeCloseTo(1 - (0.3 * 292) / 365, 12);
    expect([gamma[72], gamma[99]]).toEqual([0.7, 0.7]);
  });

  test("after it the floor stands, before it 1", () => {
    expect([...gammaOf("2024-11-21", "2026-01-01", 2)]).toEqual([0.7, 0.7]);
    expect([...gammaOf("2025-01-03", "2025-01-01", 3)]).toEqual([1, 1, 1]);
  });

  test("as a member it is the gamma of each day, and a floor of 1 is the plain model", () => {
    const gamma = [...gammaOf("2024-11-21", history.currentDate, 900)];
    expect(results({ ...members, fip81: true })).toEqual(results({ ...members, gamma }));
    expect(results({ ...members, fip81: { floor: 1 } })).toEqual(results(members));
    expect(results({ ...members, fip81: true }).day_locked_pledge).not.toEqual(results(members).day_locked_pledge);
  });

  test("raises the initial pledge, as the page calls it", () => {
    const [plain, ramped] = [results(members), results({ ...members, fip81: true })];
    const day = HISTORY_DAYS + 400;
    expect(ramped.day_pledge_per_QAP[day]!).toBeGreaterThan(plain.day_pledge_per_QAP[day]!);
  });
});

describe("policies in requests", () => {
  const faultOf = (body: object) => {
    try {
      valid(simulateRequest, body, "body");
    } catch (error) {
      return (error as { issues: { path: unknown[] }[] }).issues[0]!.path.join(".");
    }
    return "none";
  };

  test("are off where they are absent, null or false", () => {
    for (const fip100 of [undefined, null]) expect(valid(simulateRequest, { fip100 }, "body")).toEqual({});
    expect(scenarioFrom(valid(simulateRequest, { fip100: false }, "body"), history.smoothed).sectorFee).toBeUndefined();
  });

  test.each([
    [{ fip81: { begin: 1 } }, "fip81"],
    [{ fip81: { start: "yesterday" } }, "fip81.start"],
    [{ fip100: { reward_cap: 2 } }, "fip100.reward_cap"],
    [{ fip100: "on" }, "fip100"],
    [{ fip81: true, gamma: 0.8 }, "gamma"],
  ])("%p is refused by its member", (body, place) => expect(faultOf(body)).toBe(place));

  test("a saved run tells them as members that give it again", () => {
    const scenario = scenarioFrom(valid(simulateRequest, { fip81: true, fip100: true }, "body"), history.smoothed);
    const { bytes } = runSimulation(engine, scenario, ["days"], { ...CONTRACT_SHAPE, form: "saved" });
    const { setup } = JSON.parse(new TextDecoder().decode(bytes));
    expect(setup.fip81).toEqual({ start: "2024-11-21", ramp_days: 365, floor: 0.7 });
    const again = valid(simulateRequest, { fip81: setup.fip81, fip100: setup.fip100 }, "body");
    expect(scenarioFrom(again, history.smoothed)).toEqual(scenario);
  });
});
