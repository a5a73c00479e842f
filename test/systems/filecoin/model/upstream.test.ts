import { expect, test } from "bun:test";
import { join } from "node:path";
import { epochDay } from "../../../../src/numeric/calendar";
import { parseHistory } from "../../../../src/systems/filecoin/history/file";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { scenarioFrom } from "../../../../src/systems/filecoin/scenario";
import type { OutputName } from "../../../../src/systems/filecoin/schema/series";
import { goldens, readJson } from "./goldenCase";

const DAYS = 365;
const FLOOR = 0.7;

/** FIP-81: gamma falls from 1 to its floor in a year from its activation; here the days of it that are left. */
function ramp(currentDate: string): number[] {
  const elapsed = epochDay(currentDate)! - epochDay("2024-11-21")!;
  const left = DAYS - elapsed;
  const first = 1 - ((1 - FLOOR) * elapsed) / DAYS;
  return Array.from({ length: DAYS }, (_, j) => (j < left ? first + ((FLOOR - first) * j) / (left - 1) : FLOOR));
}

test("the result file that the original ships is reproduced day by day", () => {
  const shipped = readJson<{ simulation_output: Record<OutputName, number[]> }>(
    join(goldens, "upstream/forecast_len.json"),
  );
  const history = parseHistory(readJson(join(goldens, "history.json")));
  const members = { forecast_length_days: DAYS, sector_duration_days: 540, gamma: ramp(history.currentDate) };
  const run = forecast(prepareEngine(history), scenarioFrom(members, history.smoothed));
  for (const [name, expected] of Object.entries(shipped.simulation_output) as [OutputName, number[]][]) {
    const locked = run.series("network_locked");
    // The build that made the file added what is locked to the circulating supply, where today's subtracts it.
    const actual =
      name === "available_supply"
        ? run.series("circ_supply").map((supply, i) => (i === 0 ? supply : supply + locked[i]!))
        : run.series(name);
    expect(actual).toHaveLength(expected.length);
    let worst = 0;
    for (const [i, value] of expected.entries()) {
      if (value !== 0) worst = Math.max(worst, Math.abs(actual[i]! / value - 1));
    }
    // That build rounded the decay of minting to 32 bits, which moves rewards by 2.5e-8.
    expect(worst, name).toBeLessThan(5e-8);
  }
});
