import { describe, expect, test } from "bun:test";
import { provenanceOf } from "../../../../src/systems/filecoin/answers/provenance";
import { fullHistoricalData, simulationDates } from "../../../../src/systems/filecoin/history/historicalData";
import { ageDaysOf, reanchored } from "../../../../src/systems/filecoin/history/reanchor";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import type { HistorySource } from "../../../../src/systems/filecoin/history/snapshot";
import { type Situation, startRule } from "../../../../src/systems/filecoin/history/startRules";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { scenarioFrom } from "../../../../src/systems/filecoin/scenario";

function kept(currentDate: string, source: HistorySource = "spacescope", startDate = "2025-01-01") {
  const history = { ...sampleHistory(), source, startDate, currentDate };
  return { history, storedAt: "2025-04-12T00:00:00Z", notes: [] };
}

const NOTHING: Situation = {
  file: "none",
  kept: undefined,
  token: "none",
  fallback: "none",
  startDate: "2025-01-01",
  today: "2025-04-12",
};
const TOKEN: Situation = { ...NOTHING, token: "given" };

describe("at the start", () => {
  test.each([
    ["nothing is there: the sample", NOTHING, "sample", "never"],
    ["a file is named: it alone", { ...TOKEN, file: "given", kept: kept("2025-04-11") }, "file", "never"],
    ["a history is kept, without a token", { ...NOTHING, kept: kept("2024-01-01") }, "kept", "never"],
    ["a token and nothing kept: nothing until it is fetched", TOKEN, "nothing", "now"],
    ["the same with the sample to stand in", { ...TOKEN, fallback: "sample" }, "sample", "now"],
    ["yesterday's is kept", { ...TOKEN, kept: kept("2025-04-11") }, "kept", "daily"],
    ["an outdated one is kept: it is served and replaced", { ...TOKEN, kept: kept("2025-04-10") }, "kept", "now"],
    ["one with another start is kept", { ...TOKEN, startDate: "2024-01-01", kept: kept("2025-04-11") }, "kept", "now"],
    ["an imported one is kept", { ...TOKEN, kept: kept("2025-04-11", "file", "2022-10-10") }, "kept", "daily"],
    ["an outdated import is kept", { ...TOKEN, kept: kept("2025-04-01", "file", "2022-10-10") }, "kept", "now"],
  ] as [string, Situation, string, string][])("%s", (_, situation, serve, fetch) => {
    expect(startRule(situation)).toEqual({ serve, fetch } as ReturnType<typeof startRule>);
  });
});

describe("an outdated history", () => {
  const sample = sampleHistory();

  test("is moved to end yesterday, its values untouched", () => {
    const moved = reanchored(sample, "2026-01-01");
    expect(moved).toEqual({
      ...sample,
      startDate: "2023-01-31",
      currentDate: "2025-12-31",
      reanchoredByDays: 113,
    });
    expect(ageDaysOf(moved, "2026-01-01")).toBe(1);
  });

  test("that was moved says so beside its dates, another one does not", () => {
    const dates = { start_date: "2023-01-31", current_date: "2025-12-31", reanchored_by_days: 113 };
    const moved = reanchored(sample, "2026-01-01");
    expect(simulationDates(moved)).toMatchObject(dates);
    expect(fullHistoricalData(moved)).toMatchObject(dates);
    expect(
      provenanceOf(forecast(prepareEngine(moved, 2), scenarioFrom({ forecast_length_days: 2 }, moved.smoothed))).dates,
    ).toEqual({
      ...dates,
      end_date: "2026-01-02",
    });
    expect(simulationDates(sample)).not.toHaveProperty("reanchored_by_days");
  });

  test.each(["2025-09-10", "2025-09-09", "2025-09-01"])("is not moved on %s, when it is none", (today) => {
    expect(reanchored(sample, today)).toBe(sample);
  });
});
