import { describe, expect, test } from "bun:test";
import { epochDay } from "../../../../src/numeric/calendar";
import { valid } from "../../../../src/platform/http/input";
import { setupOf } from "../../../../src/systems/filecoin/answers/provenance";
import { CONTRACT_SHAPE } from "../../../../src/systems/filecoin/answers/shape";
import { runSimulation } from "../../../../src/systems/filecoin/answers/simulation";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { shareOn, splitShares } from "../../../../src/systems/filecoin/policies/rewardSplit";
import { type ScenarioDefaults, scenarioFrom } from "../../../../src/systems/filecoin/scenario";
import { simulateRequest } from "../../../../src/systems/filecoin/schema/requests";
import type { OutputName } from "../../../../src/systems/filecoin/schema/series";

const history = sampleHistory();
const engine = prepareEngine(history);
const H = 1065;

const scenarioOf = (body: object, defaults: ScenarioDefaults = {}) =>
  scenarioFrom(valid(simulateRequest, body, "body"), history.smoothed, defaults);
const run = (body: object) => forecast(engine, scenarioOf({ rules: "mainnet", forecast_length_days: 900, ...body }));
const copy = (body: object, name: OutputName) => run(body).series(name).slice();

describe("the rules in force", () => {
  test("mint what was measured on 2025-05-25, 375.16 million FIL, where the plain rules mint 386", () => {
    const day = epochDay("2025-05-25")! - engine.startDay;
    const plain = forecast(engine, scenarioOf({})).series("cum_network_reward")[day]! / 1e6;
    const mainnet = run({}).series("cum_network_reward")[day]! / 1e6;
    expect(plain).toBeCloseTo(386.1, 1);
    expect(mainnet).toBeGreaterThan(374.8);
    expect(mainnet).toBeLessThan(375.2);
  });

  test("ask for the measured pledge of that day, 0.1282 FIL a sector, to 2 %, and do not jump on the current date", () => {
    const pledge = copy({}, "day_pledge_per_QAP");
    const day = epochDay("2025-05-25")! - engine.startDay;
    expect(Math.abs(pledge[day]! / 0.1282 - 1)).toBeLessThan(0.02);
    expect(Math.abs(pledge[H + 1]! / pledge[H - 1]! - 1)).toBeLessThan(0.01);
    const late = forecast(engine, scenarioOf({ fip81: true, forecast_length_days: 10 })).series("day_pledge_per_QAP");
    expect(late[H + 1]! / late[H - 1]!).toBeGreaterThan(1.3);
  });

  test("gamma falls by date alone, in the history too", () => {
    const { gamma } = run({}).engine.pledgeControls;
    const on = (date: string) => gamma[epochDay(date)! - engine.startDay];
    expect([on("2024-11-20"), on("2024-11-21")]).toEqual([1, 1]);
    expect(on("2025-05-25")).toBeCloseTo(1 - (0.3 * 185) / 365, 12);
    expect(on("2025-09-10")).toBeCloseTo(1 - (0.3 * 293) / 365, 12);
    expect(on("2026-03-01")).toBeCloseTo(0.7, 12);
  });

  test("a member wins over the rules, and a note says so", () => {
    expect(scenarioOf({ rules: "mainnet" }).notes).toEqual([]);
    const own = scenarioOf({ rules: "mainnet", fip100: false, gamma: 0.9 });
    expect([own.sectorFee, own.gammaRamp, own.gamma]).toEqual([undefined, undefined, 0.9]);
    expect(own.notes).toHaveLength(2);
    expect(copy({ fip81: false }, "day_pledge_per_QAP")[H + 300]!).toBeLessThan(
      copy({}, "day_pledge_per_QAP")[H + 300]! / 1.2,
    );
  });

  test("a run leaves no trace in runs under the other rules", () => {
    const plain = () =>
      forecast(engine, scenarioOf({ forecast_length_days: 900 }))
        .series("circ_supply")
        .slice();
    const before = plain();
    run({});
    expect(plain()).toEqual(before);
  });

  test("what a run tells of its scenario gives it again", () => {
    const { source: _, start_date: __, ...setup } = setupOf(run({}), scenarioOf({ rules: "mainnet" }));
    const again = scenarioOf(JSON.parse(JSON.stringify(setup)));
    expect([again.gammaRamp, again.sectorFee]).toEqual(
      [scenarioOf({ rules: "mainnet" })].flatMap(({ gammaRamp, sectorFee }) => [gammaRamp, sectorFee]),
    );
  });
});

describe("plain rules", () => {
  test("are told where nobody asked for them, with what is off", () => {
    const [note] = scenarioOf({}, { rules: "plain" }).notes;
    for (const word of ["FIP-81", "FIP-100", "baseline", "2024-11-21"]) expect(note).toContain(word);
    expect(scenarioOf({ rules: "plain" }, { rules: "plain" }).notes).toEqual([]);
    const scenario = scenarioOf({ forecast_length_days: 3 }, { rules: "plain" });
    const body = JSON.parse(new TextDecoder().decode(runSimulation(engine, scenario, ["days"], CONTRACT_SHAPE).bytes));
    expect(body.rules).toBe("plain");
    expect(body.warnings[0]).toEqual({ reason: note });
  });

  test("mainnet says of what day its protocol is", () => {
    const scenario = scenarioOf({ rules: "mainnet", forecast_length_days: 3 });
    const body = JSON.parse(new TextDecoder().decode(runSimulation(engine, scenario, ["days"], CONTRACT_SHAPE).bytes));
    expect([body.rules, body.protocol_as_of]).toEqual(["mainnet", "2025-04-14"]);
  });
});

describe("FIP-118, a draft", () => {
  const start = "2026-01-01";

  test("has no date of its own", () => {
    expect(() => scenarioOf({ fip118: true })).toThrow();
    expect(() => scenarioOf({ fip118: { start, service_from: 2 } })).toThrow();
    expect(scenarioOf({ fip118: false }).rewardSplit).toBeUndefined();
  });

  test("consensus falls from 95 to 50 % over nine quarters, services rise to 10 %, the rest is burned", () => {
    const { rewardSplit } = scenarioOf({ fip118: { start } });
    expect(shareOn(rewardSplit!.consensus, 411)).toBeCloseTo(0.725, 12);
    const firstDay = epochDay("2025-12-31")!;
    const { consensus, burnt } = splitShares(rewardSplit!, firstDay, 1200);
    expect([consensus[0], consensus[1], consensus[823], consensus[1199]]).toEqual([1, 0.95, 0.5, 0.5]);
    expect(burnt[0]! + burnt[1]! + burnt[92]!).toBeCloseTo(0, 3);
    expect(burnt[1199]).toBeCloseTo(0.4, 12);
  });

  test("counts all new sectors tenfold from its date on, and takes from the returns what it gives away", () => {
    const day = epochDay(start)! - engine.startDay + 1;
    const qa = copy({ fip118: { start } }, "qa_day_onboarded_power_pib");
    const raw = copy({ fip118: { start } }, "rb_day_onboarded_power_pib");
    expect(qa[day]! / raw[day]!).toBeCloseTo(10, 12);
    expect(qa[day - 1]!).toBe(copy({}, "qa_day_onboarded_power_pib")[day - 1]!);
    const reward = copy({ fip118: { start }, fip100: false }, "day_rewards_per_sector");
    const minted = copy({ fip118: { start }, fip100: false }, "day_network_reward");
    const power = copy({ fip118: { start } }, "network_QAP_EIB");
    expect((reward[day + 900 - 150]! * power[day + 900 - 150]! * 2 ** 25) / minted[day + 900 - 150]!).toBeLessThan(0.6);
    const burn = (body: object) => copy(body, "network_gas_burn");
    const extra = burn({ fip118: { start }, fip100: false })[H + 899]! - burn({ fip100: false })[H + 899]!;
    expect(extra).toBeGreaterThan(5e6);
    expect(burn({ fip118: { start }, fip100: false })[day - 1]).toBe(burn({ fip100: false })[day - 1]!);
  });
});
