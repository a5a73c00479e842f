import { afterEach, describe, expect, test } from "bun:test";
import { epochDay, isoDateOf } from "../../../../src/numeric/calendar";
import { type Fault, SYNTHETIC, syntheticRows } from "../../../support/spacescope";
import {
  changed,
  DEALS,
  dateOf,
  EXPIRATIONS,
  lastServer,
  load,
  ONBOARDING,
  POWER,
  SUPPLY,
  stopServer,
  without,
} from "./loading";

afterEach(stopServer);

describe("rows that are there twice", () => {
  test("count once, which is told", async () => {
    const straight = await load({});
    await stopServer();
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
    await stopServer();
    expect(history).toEqual((await load({})).history);
  });
});

describe("days that are missing", () => {
  test.each([POWER, ONBOARDING, SUPPLY, EXPIRATIONS])("in the middle of %s are told", async (path) => {
    const rows = changed(path, without("2025-02-03", "2025-02-04"));
    const work = load({ rows });
    await expect(work).rejects.toThrow(`${path} lacks 2025-02-03, 2025-02-04, between 2025-01-01 and 2025-04-11`);
    await expect(work).rejects.toThrow("The days before, back to 2025-04-02, did not serve either.");
    const keys = lastServer().seen.map(({ path, query }) => `${path}?${new URLSearchParams(query)}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("at the end move the current date back, without asking again", async () => {
    const whole = await load({ today: "2025-04-10" });
    await stopServer();
    const rows = changed(SUPPLY, without("2025-04-11", "2025-04-10"));
    const { history, notes } = await load({ rows });
    expect(history).toEqual(whole.history);
    expect(notes.at(-1)).toContain(
      `The history ends on 2025-04-09, for a later day cannot be used yet: ${SUPPLY} lacks 2025-04-10, 2025-04-11`,
    );
    expect(new Set(lastServer().seen.map(({ query }) => query["end_date"]))).not.toContain("2025-04-10");
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
    const tables = lastServer().seen.filter(({ path }) => path === EXPIRATIONS);
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
    await stopServer();
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

test("a single day without supply is bridged and told, not the end of the history", async () => {
  const rows = changed(SUPPLY, (known) => known.filter((row) => dateOf(row) !== "2025-02-03"));
  const { history, notes } = await load({ rows });
  const whole = (await load({})).history;
  expect(notes).toContain(`${SUPPLY} lacks 2025-02-03: means of the days before and after stand in.`);
  expect(history.currentDate).toBe(whole.currentDate);
  const day = 33;
  expect(history.burntFil[day]).toBe((whole.burntFil[day - 1]! + whole.burntFil[day + 1]!) / 2);
  expect(history.measured!.lockedFil[day]).toBe(
    (history.measured!.lockedFil[day - 1]! + history.measured!.lockedFil[day + 1]!) / 2,
  );
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
      known.map((row) => (["2025-02-03", "2025-02-04"].includes(dateOf(row)!) ? { ...row, burnt_fil: value } : row)),
    );
    const work = load({ rows });
    await expect(work).rejects.toThrow(`${SUPPLY} lacks 2025-02-03, 2025-02-04`);
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
