import { afterEach, describe, expect, test } from "bun:test";
import { epochDay } from "../../../../src/numeric/calendar";
import { UsageError } from "../../../../src/platform/errors";
import { historyFileOf, parseHistory } from "../../../../src/systems/filecoin/history/file";
import type { Progress } from "../../../../src/systems/filecoin/ingest/client";
import { chunksOf } from "../../../../src/systems/filecoin/ingest/sources";
import { type Fault, ingestGoldens, SYNTHETIC, syntheticRows, TEST_TOKEN } from "../../../support/spacescope";
import { lastServer, load, stopServer } from "./loading";

afterEach(stopServer);

const goldens = ingestGoldens();

describe("the recorded rows", () => {
  test("give the original's history bit for bit", async () => {
    const { today, rows, expected } = goldens;
    const { history } = await load({ rows, startDate: expected.start_date, today });
    expect(history.currentDate).toBe(expected.current_date);
    const file = historyFileOf(history);
    for (const [name, values] of Object.entries(expected.offline_data)) {
      expect([name, file.offline_data[name as keyof typeof file.offline_data]]).toEqual([name, values as number[]]);
    }
    expect(Object.keys(file.offline_data)).toEqual(Object.keys(expected.offline_data));
    expect(file.historical_arrays).toEqual({
      raw_byte_power: expected.hist_rbp,
      renewal_rate: expected.hist_rr,
      filplus_rate: expected.hist_fpr,
    });
    expect(file.smoothed_metrics).toEqual({
      raw_byte_power: expected.smoothed_rbp,
      renewal_rate: expected.smoothed_rr,
      filplus_rate: expected.smoothed_fpr,
    });
  });

  test("are asked for once, where the original asks three times", async () => {
    const { today, rows, expected, requests } = goldens;
    await load({ rows, startDate: expected.start_date, today });
    const keys = lastServer().seen.map(({ path, query }) => `${path}?${new URLSearchParams(query)}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect([requests.length, keys.length]).toEqual([73, 30]);
    const original = new Set(requests.map(({ path }: { path: string }) => path.replace("/v2", "")));
    expect(new Set(lastServer().seen.map(({ path }) => path))).toEqual(original as Set<string>);
    expect(new Set(lastServer().seen.map(({ authorization }) => authorization))).toEqual(new Set([TEST_TOKEN]));
  });
});

describe("a range", () => {
  test("is cut into pieces of 90 days, whose ends are 89 days apart", () => {
    const pieces = (from: string, to: string) =>
      chunksOf({ from: epochDay(from)!, to: epochDay(to)! }).map(({ start_date, end_date }) => [start_date, end_date]);
    expect(pieces("2025-01-01", "2025-06-30")).toEqual([
      ["2025-01-01", "2025-03-31"],
      ["2025-04-01", "2025-06-29"],
      ["2025-06-30", "2025-06-30"],
    ]);
    expect(pieces("2025-01-01", "2025-03-31")).toEqual([["2025-01-01", "2025-03-31"]]);
    expect(pieces("2025-01-01", "2025-04-01")[1]).toEqual(["2025-04-01", "2025-04-01"]);
    expect(pieces("2025-01-01", "2025-01-01")).toEqual([["2025-01-01", "2025-01-01"]]);
  });
});

describe("the history of rows that are known", () => {
  test("has the figures that follow from them", async () => {
    const { history } = await load({});
    expect(history).toMatchObject({
      source: "spacescope",
      startDate: SYNTHETIC.startDate,
      currentDate: SYNTHETIC.currentDate,
      rawPowerTodayPib: 4 * 1024 + 100,
      qaPowerTodayPib: 20 * 1024 + 100,
      baselineAtStartEib: 8,
      // The three days that are known up to the start.
      cumCappedAtStartEib: 12 - 3 / 1024,
      vestedAtStartFil: 4e8,
      circulatingAtStartFil: 6e8,
      lockedAtStartFil: 1e8,
      burntPerDayFil: 5000,
    });
    expect(history.onboardedRawPib[100]).toBe(2 + 100 / 128);
    expect(history.onboardedQaPib[100]).toBe(18 + 100 / 128);
    expect(history.renewedRawPib[10]).toBe(1 + 10 / 256);
    expect(history.renewedQaPib[10]).toBe(8 * (1 + 10 / 256));
    expect(history.scheduledExpireRawPib).toHaveLength(61);
    expect(history.scheduledExpireQaPib[60]).toBe(8 * (2 + 160 / 128));
    expect(history.scheduledPledgeReleaseFil).toHaveLength(161);
    expect(history.scheduledPledgeReleaseFil[128]).toBe(3000);
    expect(new Set(history.renewalRate)).toEqual(new Set([0.5]));
    expect([history.recent.rawBytePower.length, history.recent.renewalRate.length]).toEqual([181, 180]);
    // Days 71 to 100 are the last 30: the mean of the middle two lies between days 85 and 86.
    expect(history.smoothed.rawBytePower).toBe(2 + 85.5 / 128);
    expect(history.smoothed.renewalRate).toBe(0.5);
    const filPlus = (k: number) => (1 + k / 256) / (2 + k / 128);
    expect(history.smoothed.filPlusRate).toBe((filPlus(85) + filPlus(86)) / 2);
  });

  test("is a history file that can be read again", async () => {
    const { history } = await load({});
    const file = JSON.parse(JSON.stringify(historyFileOf(history)));
    expect(parseHistory(file)).toEqual({ ...history, source: "file" });
  });

  test("does not depend on the order in which the rows come", async () => {
    const straight = await load({});
    await stopServer();
    const rows = Object.fromEntries(Object.entries(syntheticRows()).map(([path, of]) => [path, of.toReversed()]));
    expect((await load({ rows })).history).toEqual(straight.history);
  });

  test("says how many requests are done, of how many", async () => {
    const told: Progress[] = [];
    await load({ onProgress: (progress) => told.push(progress) });
    expect(told[0]).toEqual({ done: 0, total: lastServer().seen.length });
    expect(told.at(-1)).toEqual({ done: lastServer().seen.length, total: lastServer().seen.length });
  });
});

describe("a load", () => {
  test("stops at once where the token is refused", async () => {
    const fault: Fault = () => new Response("", { status: 401 });
    await expect(load({ fault })).rejects.toThrow("refused the token");
    // As many as are under way at once, not ten times as many.
    expect(lastServer().seen.length).toBeLessThanOrEqual(4);
  });

  test.each([
    ["before the launch", { startDate: "2020-10-14" }, "from 2020-10-15"],
    ["that the calendar does not have", { startDate: "2025-02-30" }, "from 2020-10-15"],
    ["of today", { startDate: SYNTHETIC.today }, "expected 2 to 7301 days before today"],
    ["of yesterday", { startDate: SYNTHETIC.currentDate }, "expected 2 to 7301 days before today"],
  ])("with a start date %s is refused without asking", async (_, dates, sentence) => {
    const work = load(dates);
    await expect(work).rejects.toThrow(UsageError);
    await expect(work).rejects.toThrow(sentence);
    expect(lastServer().seen).toHaveLength(0);
  });

  test("of a single day's history serves", async () => {
    const { history } = await load({ startDate: "2025-04-10" });
    expect([history.burntFil.length, history.renewalRate.length, history.burntPerDayFil]).toEqual([2, 1, 5000]);
  });
});
