import { afterEach, describe, expect, test } from "bun:test";
import { epochDay, isoDateOf } from "../../../../src/numeric/calendar";
import { systemClock } from "../../../../src/platform/clock";
import { UsageError } from "../../../../src/platform/errors";
import { seededRandom } from "../../../../src/platform/random";
import { historyFileOf, parseHistory } from "../../../../src/systems/filecoin/history/file";
import type { Assembled } from "../../../../src/systems/filecoin/ingest/assemble";
import { createSpacescope, type Progress } from "../../../../src/systems/filecoin/ingest/client";
import { loadHistory } from "../../../../src/systems/filecoin/ingest/load";
import { chunksOf } from "../../../../src/systems/filecoin/ingest/sources";
import {
  type Fault,
  ingestGoldens,
  type LocalSpacescope,
  type SpacescopeRows,
  SYNTHETIC,
  serveSpacescope,
  syntheticRows,
  TEST_TOKEN,
} from "../../../support/spacescope";

const POWER = "/power/network_storage_capacity";
const ONBOARDING = "/power/daily_power_onboarding_by_sector_size";
const SUPPLY = "/circulating_supply/circulating_supply";
const EXPIRATIONS = "/power/sectors_schedule_expiration";
const DEALS = "/deals/deal_size";

let server: LocalSpacescope | undefined;
afterEach(async () => {
  await server?.stop();
});

interface Load {
  rows?: SpacescopeRows;
  fault?: Fault;
  startDate?: string;
  today?: string;
  onProgress?: (progress: Progress) => void;
}

function load({ rows = syntheticRows(), fault, onProgress = () => undefined, ...dates }: Load): Promise<Assembled> {
  server = serveSpacescope(rows, fault);
  const spacescope = createSpacescope({
    baseUrl: server.url,
    authorization: TEST_TOKEN,
    clock: systemClock,
    random: seededRandom(1),
    limits: { backOffMs: 1 },
  });
  const { startDate, today } = { ...SYNTHETIC, ...dates };
  return loadHistory({ spacescope, startDate, today, signal: new AbortController().signal, onProgress });
}

/** The synthetic rows with those of one table changed. */
function changed(path: string, change: (rows: SpacescopeRows[string]) => SpacescopeRows[string]): SpacescopeRows {
  const rows = syntheticRows();
  return { ...rows, [path]: change(rows[path]!) };
}

function without(...dates: string[]) {
  return (rows: SpacescopeRows[string]) => rows.filter((row) => !dates.includes(dateOf(row)));
}

function dateOf(row: Record<string, unknown>): string {
  return String(row["stat_date"] ?? row["interest_date"]).slice(0, 10);
}

const goldens = ingestGoldens();
if (goldens === undefined)
  process.stderr.write("The recorded Spacescope rows are not here: their tests are skipped.\n");

describe.skipIf(goldens === undefined)("the recorded rows", () => {
  test("give the original's history bit for bit", async () => {
    const { today, rows, expected } = goldens!;
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
    const { today, rows, expected, requests } = goldens!;
    await load({ rows, startDate: expected.start_date, today });
    const keys = server!.seen.map(({ path, query }) => `${path}?${new URLSearchParams(query)}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect([requests.length, keys.length]).toEqual([73, 28]);
    const original = new Set(requests.map(({ path }: { path: string }) => path.replace("/v2", "")));
    expect(new Set(server!.seen.map(({ path }) => path))).toEqual(original as Set<string>);
    expect(new Set(server!.seen.map(({ authorization }) => authorization))).toEqual(new Set([TEST_TOKEN]));
  });
});

describe("a range", () => {
  test("is cut into pieces of 91 days, both ends included", () => {
    const pieces = (from: string, to: string) =>
      chunksOf({ from: epochDay(from)!, to: epochDay(to)! }).map(({ start_date, end_date }) => [start_date, end_date]);
    expect(pieces("2025-01-01", "2025-06-30")).toEqual([
      ["2025-01-01", "2025-04-01"],
      ["2025-04-02", "2025-06-30"],
    ]);
    expect(pieces("2025-01-01", "2025-04-01")).toEqual([["2025-01-01", "2025-04-01"]]);
    expect(pieces("2025-01-01", "2025-04-02")[1]).toEqual(["2025-04-02", "2025-04-02"]);
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
    await server!.stop();
    const rows = Object.fromEntries(Object.entries(syntheticRows()).map(([path, of]) => [path, of.toReversed()]));
    expect((await load({ rows })).history).toEqual(straight.history);
  });

  test("says how many requests are done, of how many", async () => {
    const told: Progress[] = [];
    await load({ onProgress: (progress) => told.push(progress) });
    expect(told[0]).toEqual({ done: 0, total: server!.seen.length });
    expect(told.at(-1)).toEqual({ done: server!.seen.length, total: server!.seen.length });
  });
});

describe("rows that are there twice", () => {
  test("count once, which is told", async () => {
    const straight = await load({});
    await server!.stop();
    const rows = changed(SUPPLY, (known) => [...known, known.find((row) => dateOf(row) === "2025-02-03")!]);
    const { history, notes } = await load({ rows });
    expect(history).toEqual(straight.history);
    expect(notes).toContain(`${SUPPLY}: 2025-02-03 sent more than once.`);
  });

  test("and contradict each other: the last one counts, which is told", async () => {
    const rows = changed(SUPPLY, (known) => {
      const twice = { ...known.find((row) => dateOf(row) === "2025-01-01"), circulating_fil: "7" };
      return [...known, twice];
    });
    const { history, notes } = await load({ rows });
    expect(history.circulatingAtStartFil).toBe(7);
    expect(notes.join()).toContain("2025-01-01 sent more than once with different figures; the last ones count");
  });

  test("since ranges are not kept to do no harm", async () => {
    const rows = syntheticRows();
    const fault: Fault = ({ path }) => Response.json({ data: rows[path] });
    const { history } = await load({ fault });
    await server!.stop();
    expect(history).toEqual((await load({})).history);
  });
});

describe("days that are missing", () => {
  test.each([POWER, ONBOARDING, SUPPLY, EXPIRATIONS])("in the middle of %s are told", async (path) => {
    const rows = changed(path, without("2025-02-03", "2025-02-04"));
    const work = load({ rows });
    await expect(work).rejects.toThrow(`${path} lacks 2025-02-03, 2025-02-04, between 2025-01-01 and 2025-04-11`);
    await expect(work).rejects.toThrow("The days before, back to 2025-04-02, did not serve either.");
    const keys = server!.seen.map(({ path, query }) => `${path}?${new URLSearchParams(query)}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("at the end move the current date back, without asking again", async () => {
    const whole = await load({ today: "2025-04-10" });
    await server!.stop();
    const rows = changed(SUPPLY, without("2025-04-11", "2025-04-10"));
    const { history, notes } = await load({ rows });
    expect(history).toEqual(whole.history);
    expect(notes.at(-1)).toContain(
      `The history ends on 2025-04-09, for a later day cannot be used yet: ${SUPPLY} lacks 2025-04-10, 2025-04-11`,
    );
    expect(new Set(server!.seen.map(({ query }) => query["end_date"]))).not.toContain("2025-04-10");
  });

  test.each([
    [9, "2025-04-02"],
    [10, undefined],
  ])("at the end, %d of them: the current date is tried ten times", async (count, currentDate) => {
    const last = epochDay(SYNTHETIC.currentDate)!;
    const missing = Array.from({ length: count }, (_, i) => isoDateOf(last - i));
    const work = load({ rows: changed(POWER, without(...missing)) });
    if (currentDate === undefined) await expect(work).rejects.toThrow(`${POWER} lacks 2025-04-02`);
    else expect((await work).history.currentDate).toBe(currentDate);
  });

  test("because the service refuses them move the current date back too", async () => {
    const fault: Fault = ({ query }) =>
      query["end_date"] === SYNTHETIC.currentDate ? Response.json({ message: "not yet" }, { status: 400 }) : undefined;
    const { history, notes } = await load({ fault });
    expect(history.currentDate).toBe("2025-04-10");
    expect(notes.at(-1)).toContain('answered 400, saying "not yet"');
    const tables = server!.seen.filter(({ path }) => path === EXPIRATIONS);
    expect(tables).toHaveLength(1);
  });

  test("before the start lower the capped power, which is told", async () => {
    const { notes } = await load({ rows: changed(POWER, without("2024-12-31")) });
    // Of the days from the launch to the start, two are known and three are named.
    const more = epochDay("2025-01-01")! - epochDay("2020-10-15")! + 1 - 2 - 3;
    expect(notes.join()).toContain(
      `${POWER} lacks 2020-10-15, 2020-10-16, 2020-10-17 and ${more} more: their capped power is not counted.`,
    );
  });

  test("of expirations to come have nothing due, and shift nothing", async () => {
    const straight = await load({});
    await server!.stop();
    const { history, notes } = await load({ rows: changed(EXPIRATIONS, without("2025-04-20")) });
    const expected = straight.history.scheduledExpireRawPib.slice();
    expected[9] = 0;
    expect(history.scheduledExpireRawPib).toEqual(expected);
    expect(notes).toContain(`${EXPIRATIONS} lacks 2025-04-20: nothing is taken to be due then.`);
  });

  test("of deals are left out of the FIL+ rate", async () => {
    const { history, notes } = await load({ rows: changed(DEALS, without("2025-04-10")) });
    expect(history.recent.filPlusRate).toHaveLength(180);
    expect(notes).toContain(`${DEALS} lacks 2025-04-10: the FIL+ rate leaves them out.`);
  });

  test("of all deals are told", async () => {
    await expect(load({ rows: changed(DEALS, () => []) })).rejects.toThrow(`${DEALS} has none of the`);
  });
});

describe("rows that cannot be read", () => {
  test.each([
    ["null", null, "got null"],
    ["an empty text", "", 'got ""'],
    ["a text that is no number", "12 PiB", 'got "12 PiB"'],
    ["hexadecimal", "0x10", 'got "0x10"'],
    ["a number beyond all numbers", "1e999", 'got "1e999"'],
    ["nothing", undefined, "got nothing"],
  ])("%s: they are told where they are needed", async (_, value, got) => {
    const rows = changed(SUPPLY, (known) =>
      known.map((row) => (dateOf(row) === "2025-02-03" ? { ...row, burnt_fil: value } : row)),
    );
    const work = load({ rows });
    await expect(work).rejects.toThrow(`${SUPPLY} lacks 2025-02-03`);
    await expect(work).rejects.toThrow(`row of 2025-02-03 is left out: expected a number in burnt_fil, ${got}`);
  });

  test("do no harm where they are not needed", async () => {
    const rows = changed(POWER, (known) => [{ stat_date: "2020-11-01", baseline_power: null }, ...known]);
    const { notes } = await load({ rows });
    expect(notes.join()).toContain("the row of 2020-11-01 is left out");
  });

  test.each([
    ["no object", 7],
    ["no date", { burnt_fil: "1" }],
    ["a date that the calendar does not have", { stat_date: "2025-02-30T00:00:00Z" }],
  ])("for they have %s are told", async (_, row) => {
    const fault: Fault = ({ path }) => (path === SUPPLY ? Response.json({ data: [row] }) : undefined);
    await expect(load({ fault })).rejects.toThrow(`${SUPPLY}: row 0: expected a date in stat_date, got`);
  });
});

describe("a load", () => {
  test("stops at once where the token is refused", async () => {
    const fault: Fault = () => new Response("", { status: 401 });
    await expect(load({ fault })).rejects.toThrow("refused the token");
    // As many as are under way at once, not ten times as many.
    expect(server!.seen.length).toBeLessThanOrEqual(4);
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
    expect(server!.seen).toHaveLength(0);
  });

  test("of a single day's history serves", async () => {
    const { history } = await load({ startDate: "2025-04-10" });
    expect([history.burntFil.length, history.renewalRate.length, history.burntPerDayFil]).toEqual([2, 1, 5000]);
  });
});
