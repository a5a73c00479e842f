import { describe, expect, test } from "bun:test";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { lostShare } from "../../../../src/systems/filecoin/model/attrition";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { type ScenarioMembers, scenarioFrom } from "../../../../src/systems/filecoin/scenario";
import type { OutputName } from "../../../../src/systems/filecoin/schema/series";

const history = sampleHistory();
const engine = prepareEngine(history);
const H = 1065;
const run = (members: ScenarioMembers = {}) =>
  forecast(engine, scenarioFrom({ rules: "mainnet", forecast_length_days: 720, ...members }, history.smoothed));
const copy = (members: ScenarioMembers, name: OutputName) => run(members).series(name).slice();

describe("power that is lost by shares", () => {
  test("the share is what came in, less what the stock grew by", () => {
    const stock = Float64Array.of(100, 99, 98.02);
    expect(lostShare(Float64Array.of(0, 1, 1), stock, 1, 2, 2)).toBeCloseTo((2 + 1.98) / 199, 12);
  });

  test("goes on as the last half year went: raw power falls, at the measured share", () => {
    const raw = copy({}, "network_RBP_EIB");
    const { engine: prepared } = run();
    const { rawShare, qaShare, renewalRate, rawDueShare } = prepared.attrition!;
    expect(rawShare).toBeGreaterThan(0.0015);
    expect(rawShare).toBeLessThan(0.0035);
    expect(qaShare).toBeGreaterThan(0.0009);
    expect(qaShare).toBeLessThan(0.0025);
    expect(rawDueShare * (1 - renewalRate)).toBeCloseTo(rawShare, 12);
    const onboarded = history.smoothed.rawBytePower / 1024;
    for (const day of [H + 1, H + 300]) {
      expect(raw[day + 1]! - raw[day]!).toBeCloseTo(onboarded - rawShare * raw[day]!, 12);
    }
    expect(raw[H + 120]!).toBeLessThan(raw[H]!);
  });

  test.each([
    ["rbp", 8, "network_RBP_EIB", 1],
    ["rr", 0.5, "network_RBP_EIB", -1],
    ["rr", 0.95, "network_QAP_EIB", 1],
    ["rr", 0.5, "network_locked", -1],
    ["fpr", 0.2, "network_QAP_EIB", -1],
    ["qa_renew_relative_multiplier", 0.9, "network_QAP_EIB", -1],
    ["lock_target", 0.4, "network_locked", 1],
    ["burn_per_day", 20_000, "circ_supply", -1],
  ] as const)("%s %p moves %s", (member, value, output, sign) => {
    const change = copy({ [member]: value }, output)[H + 300]! - copy({}, output)[H + 300]!;
    expect(Math.sign(change)).toBe(sign);
  });

  test("a list of rates acts on its days", () => {
    const rr = Array.from({ length: 720 }, (_, day) => (day < 300 ? history.smoothed.renewalRate : 0.2));
    const [listed, usual] = [copy({ rr }, "network_RBP_EIB"), copy({}, "network_RBP_EIB")];
    expect(listed[H + 300]!).toBeCloseTo(usual[H + 300]!, 12);
    expect(listed[H + 310]!).toBeLessThan(usual[H + 310]!);
  });

  test("no stock falls below zero, whatever is asked", () => {
    for (const members of [{ rbp: 0.1, rr: 0.1 }, { rbp: 0, rr: 0 }, { rbp: 0, rr: -3 }, { rr: 7 }]) {
      const outcome = run({ ...members, forecast_length_days: 3650 });
      for (const name of ["network_RBP_EIB", "network_QAP_EIB", "network_locked_pledge", "circ_supply"] as const) {
        expect(Math.min(...outcome.series(name))).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test("pledge goes back as quality-adjusted power does", () => {
    // Without a lock target renewals pledge nothing more than is kept.
    const members = { rbp: 0, lock_target: 0 };
    const [pledge, power] = [copy(members, "network_locked_pledge"), copy(members, "network_QAP_EIB")];
    const share = (of: Float64Array) => 1 - of[H + 200]! / of[H + 199]!;
    const { pledgeExtraShare } = run().engine.attrition!;
    expect(share(pledge) - share(power)).toBeCloseTo(pledgeExtraShare, 8);
  });
});
