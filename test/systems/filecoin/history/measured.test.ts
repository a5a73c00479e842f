import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { epochDay } from "../../../../src/numeric/calendar";
import { historyFileOf, parseHistory } from "../../../../src/systems/filecoin/history/file";
import { lastMeasuredDay, measuredTo, reconstructionNote } from "../../../../src/systems/filecoin/history/measured";
import { withMeasured } from "../../../../src/systems/filecoin/history/measuredCsv";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { scenarioFrom } from "../../../../src/systems/filecoin/scenario";
import { goldens, readJson } from "../model/goldenCase";

const csv = readFileSync(join(goldens, "measured/supply.csv"), "utf8");
const daily = parseHistory(readJson(join(goldens, "history.json")));
const sample = sampleHistory();
const H = 1065;

describe("measured stocks", () => {
  test("are read of a table, of the days that a history has", () => {
    const { measured } = withMeasured(daily, csv);
    expect(measuredTo({ measured: measured!, startDate: daily.startDate })).toBe("2025-05-25");
    expect(measured!.circulatingFil[0]).toBe(370_630_000);
    expect(measured!.lockedFil[958]).toBe(128_460_000);
    expect(measured!.lockedFil[959]).toBeNaN();
  });

  test.each([
    ["day,locked_fil\n2025-01-01,3", "date"],
    ["date,locked_fil\n2025-01-01,3", "circulating_fil"],
    ["date,circulating_fil,locked_fil\nsoon,3,4", "line 2"],
    ["date,circulating_fil,locked_fil\n2025-01-01,3,much", "locked_fil"],
  ])("a table %p is refused by what is wrong in it", (text, named) => {
    expect(() => withMeasured(daily, text)).toThrow(named);
  });

  test("stand in a history file, null where nothing was measured, and are read again", () => {
    const file = JSON.parse(JSON.stringify(historyFileOf(sample)));
    expect(file.measured_stocks.version).toBe(1);
    expect(file.measured_stocks.locked_fil[H]).toBeNull();
    expect(historyFileOf(parseHistory(file))).toEqual(historyFileOf(sample));
    file.measured_stocks.locked_fil.pop();
    expect(() => parseHistory(file)).toThrow("measured_stocks.locked_fil: expected 1066 entries");
  });

  test("of the sample are those of the table, to what a week between them costs", () => {
    const { measured } = withMeasured(daily, csv);
    for (const key of ["circulatingFil", "lockedFil"] as const) {
      for (let day = 0; day <= 958; day++) {
        expect(Math.abs(sample.measured![key][day]! / measured![key][day]! - 1)).toBeLessThan(0.02);
      }
    }
    expect(lastMeasuredDay(sample.measured)).toBe(958);
    expect(reconstructionNote(sample)).toContain("after 2025-05-25");
    expect(reconstructionNote(daily)).toContain("from 2022-10-10 on");
  });
});

describe("under the rules in force", () => {
  const scenario = scenarioFrom({ rules: "mainnet", forecast_length_days: 400 }, sample.smoothed);
  const run = forecast(prepareEngine(sample), scenario);
  const { measured } = sample;

  test("history is what was measured, and goes on from there without a jump", () => {
    const [circulating, locked] = [run.series("circ_supply"), run.series("network_locked")];
    const last = epochDay("2025-05-25")! - run.engine.startDay;
    for (const day of [1, 300, 700, last]) {
      expect(circulating[day]).toBeCloseTo(measured!.circulatingFil[day]!, 4);
      expect(locked[day]).toBeCloseTo(measured!.lockedFil[day]!, 4);
    }
    for (const day of [last + 1, H, H + 1]) {
      expect(Math.abs(circulating[day]! - circulating[day - 1]!)).toBeLessThan(600_000);
      expect(Math.abs(locked[day]! - locked[day - 1]!)).toBeLessThan(300_000);
    }
  });

  test("what was disbursed, minted and vested is free, locked or burnt, but for what nobody measured", () => {
    const series = (name: Parameters<typeof run.series>[0]) => run.series(name);
    const rest = (i: number) =>
      series("disbursed_reserve")[i]! +
      series("cum_network_reward")[i]! +
      series("total_vest")[i]! -
      series("circ_supply")[i]! -
      series("network_locked")[i]! -
      series("network_gas_burn")[i]!;
    const offset = rest(H);
    for (let i = H; i < H + 400; i++) expect(rest(i)).toBeCloseTo(offset, 4);
    expect(Math.abs(offset)).toBeLessThan(1e6);
  });

  test("burn goes on as in the last 90 days, less what the fee came to in them, or as it is said to", () => {
    const without = forecast(prepareEngine(sample), { ...scenario, sectorFee: undefined } as never).series(
      "network_gas_burn",
    );
    const mean = (sample.burntFil[H]! - sample.burntFil[H - 90]!) / 90;
    const perDay = without[H + 2]! - without[H + 1]!;
    expect(perDay).toBeGreaterThan(0);
    expect(perDay).toBeLessThan(mean);
    const stated = forecast(prepareEngine(sample), { ...scenario, burnPerDayFil: 5000 }).series("network_gas_burn");
    const usual = forecast(prepareEngine(sample), scenario).series("network_gas_burn");
    expect(stated[H + 100]! - usual[H + 100]!).toBeCloseTo(100 * (5000 - perDay), -3);
  });

  test("plain rules are as they were", () => {
    const plain = forecast(prepareEngine(sample), scenarioFrom({ forecast_length_days: 2 }, sample.smoothed));
    const bare = { ...sample };
    delete bare.measured;
    const before = forecast(prepareEngine(bare), scenarioFrom({ forecast_length_days: 2 }, sample.smoothed));
    expect(plain.series("circ_supply")).toEqual(before.series("circ_supply"));
  });
});
