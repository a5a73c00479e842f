import { describe, expect, test } from "bun:test";
import type { DataOptions } from "../../../../src/systems/forecasting/reading/guess";
import { readSeries } from "../../../../src/systems/forecasting/reading/readSeries";

const read = (dates: readonly string[], options: DataOptions = {}) =>
  readSeries(new TextEncoder().encode(`time,y\n${dates.map((date, row) => `${date},${row}`).join("\n")}`), options);

/** Hours of the night in which clocks in Berlin are put back. */
const plain = ["01:00", "02:00", "02:00", "03:00"].map((hour) => `2024-10-27 ${hour}`);
const zoned = ["01:00+02:00", "02:00+02:00", "02:00+01:00", "03:00+01:00"].map((hour) => `2024-10-27T${hour}`);
const timezone = "Europe/Berlin";

describe("the hour that comes twice", () => {
  test("is told where no zone is named, with the remedy", () => {
    const { series, warnings, read: told } = read(plain);
    expect(warnings[0]).toMatchObject({ code: "dst_repeat", rows: [2, 3] });
    expect(warnings[0]!.message).toContain("2024-10-27 02:00 stands twice");
    expect(warnings[0]!.message).toContain("timezone");
    expect([...series[0]!.values]).toEqual([0, 1.5, 3]);
    expect(told.repairs).toEqual([{ date: "2024-10-27 02:00", row: 2, kind: "repeated", found: "1, 2", taken: 1.5 }]);
  });

  test("is two hours where one is named, in a falling file and with several series too", () => {
    const rising = read(plain, { timezone });
    expect([[...rising.series[0]!.values], rising.warnings]).toEqual([[0, 1, 2, 3], []]);
    expect(rising.read.timezone).toBe(timezone);
    expect([...read(plain.toReversed(), { timezone }).series[0]!.values]).toEqual([3, 2, 1, 0]);
    const rows = plain.flatMap((date, row) => [`${date},a,${row}`, `${date},b,${row + 9}`]).join("\n");
    const both = readSeries(new TextEncoder().encode(`time,id,y\n${rows}`), { id: "id", timezone });
    expect(both.series.map(({ values }) => [...values])).toEqual([
      [0, 1, 2, 3],
      [9, 10, 11, 12],
    ]);
  });

  test("with offsets goes on by the zone whose offsets they are, and else by the last one", () => {
    const winter = ["2024-03-30T22:00+01:00", "2024-03-30T23:00+01:00", "2024-03-31T00:00+01:00"];
    const ahead = (options: DataOptions) => read(winter, options).series[0]!.datesAfter(3).at(-1);
    expect(ahead({ timezone })).toBe("2024-03-31T04:00+02:00");
    expect(ahead({})).toBe("2024-03-31T03:00+01:00");
    expect(ahead({ timezone: "America/New_York" })).toBe("2024-03-31T03:00+01:00");
    expect(read(zoned, { timezone }).series[0]!.datesAfter(1)).toEqual(["2024-10-27T04:00+01:00"]);
  });
});

test("a day stays a day when clocks change, with a time of day and with offsets", () => {
  const midnights = ["2024-10-26T00:00+02:00", "2024-10-27T00:00+02:00", "2024-10-28T00:00+01:00"];
  expect(read(midnights).series[0]!.datesAfter(1)).toEqual(["2024-10-29T00:00+01:00"]);
  const march = ["2024-03-28", "2024-03-29", "2024-03-30"].map((day) => `${day}T06:00+01:00`);
  expect(read(march, { timezone }).series[0]!.datesAfter(2)).toEqual([
    "2024-03-31T06:00+02:00",
    "2024-04-01T06:00+02:00",
  ]);
});

test("months that are written with a time of day stay months", () => {
  const months = ["2024-01-31 12:00", "2024-02-29 12:00", "2024-03-31 12:00"];
  expect(read(months).series[0]!.datesAfter(2)).toEqual(["2024-04-30 12:00", "2024-05-31 12:00"]);
});

test("hours that clocks skip are no gap where the zone is named", () => {
  const hours = ["00:00", "01:00", "03:00", "04:00"].map((hour) => `2024-03-31 ${hour}`);
  expect(read(hours, { timezone }).warnings).toEqual([]);
});

test("a zone that there is not is refused", () => {
  expect(() => read(plain, { timezone: "Europe/Atlantis" })).toThrow("no time zone");
});
