import { describe, expect, test } from "bun:test";
import {
  DEFAULTS,
  type Scenario,
  scenarioBody,
  scenarioOf,
  scenarioText,
  scenarioWords,
} from "../../../static/filecoin/scenario";

const OTHER: Scenario = {
  rbp: [
    [0, 2],
    [3, 5],
  ],
  rr: 0.9,
  fpr: null,
  lock: 0.2,
  days: 5,
  sector: 360,
  fip81: null,
  fip100: "2026-01-01",
};

describe("a scenario of the page", () => {
  test("at its defaults asks for its rules alone, so that the server's defaults hold", () => {
    expect(scenarioBody(DEFAULTS)).toEqual({ rules: "plain" });
    expect(scenarioText(DEFAULTS)).toBe("");
    expect(scenarioWords(DEFAULTS)).toBe("Defaults");
  });

  test("asks for what differs, by the contract's names, with a value for each day of a line", () => {
    expect(scenarioBody(OTHER)).toEqual({
      rules: "plain",
      rbp: [2, 3, 4, 5, 5],
      rr: 0.9,
      lock_target: 0.2,
      forecast_length_days: 5,
      sector_duration_days: 360,
      fip100: { start: "2026-01-01" },
    });
  });

  test("comes back from the text of a pin", () => {
    const kept = { ...OTHER, days: 365 };
    expect(scenarioOf(scenarioText(kept))).toEqual(kept);
  });

  test.each(["", "nonsense", "rbp*99_rr*2", "__proto__*1", "toString*1", "fip81*2024-13-99", "days*1e9"])(
    "of an unreadable pin %p is the default",
    (text) => expect(scenarioOf(text)).toEqual(DEFAULTS),
  );

  test("is told by what sets it apart", () => {
    expect(scenarioWords(OTHER)).toBe(
      "Onboarding over time, renewal rate 0.9, lock target 0.2, horizon 5, sector duration 360, FIP-100",
    );
  });
});
