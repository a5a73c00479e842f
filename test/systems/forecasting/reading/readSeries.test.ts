import { describe, expect, test } from "bun:test";
import type { DataOptions } from "../../../../src/systems/forecasting/reading/guess";
import { readSeries } from "../../../../src/systems/forecasting/reading/readSeries";

const read = (text: string, options: DataOptions = {}) => readSeries(new TextEncoder().encode(text), options);
const column = (name: string, cells: readonly (string | number)[]) =>
  read(`${name},y\n${cells.map((cell, row) => `${cell},${row + 1}`).join("\n")}`);
const codes = ({ warnings }: ReturnType<typeof read>) => warnings.map(({ code }) => code);
const valuesOf = (data: ReturnType<typeof read>) => [...data.series[0]!.values];

describe("a file", () => {
  test("with a byte order mark and carriage returns has a column date", () => {
    const data = read("\ufeffdate,y\r\n2024-01-01,1\r\n2024-01-02,2\r\n");
    expect(data.read).toMatchObject({ columns: ["date", "y"], time: "date", target: "y" });
    expect(valuesOf(data)).toEqual([1, 2]);
  });

  test("with semicolons, decimal commas and thousands points", () => {
    const data = read("Datum;Umsatz\n13.01.2024;1.234,5\n14.01.2024;1.235,5\n15.01.2024;1.236,5\n");
    expect(data.read).toMatchObject({ delimiter: ";", decimal: ",", thousands: "." });
    expect(valuesOf(data)).toEqual([1234.5, 1235.5, 1236.5]);
    expect(data.series[0]!.datesAfter(1)).toEqual(["16.01.2024"]);
  });

  test("whose words for nothing are missing values", () => {
    const cells = ["1", "NA", "3", '""', "null", "#N/A", "-"];
    const data = read(`y,z\n${cells.map((cell) => `${cell},a`).join("\n")}\n7,"a, ""b"""\n`);
    expect(valuesOf(data)).toEqual([1, Number.NaN, 3, ...Array(4).fill(Number.NaN), 7]);
    expect(codes(data)).toEqual(["missing_filled"]);
  });

  test("with a word where a number belongs is refused with row and column", () => {
    expect(() => read("y\n12\n13\nn/k\n15\n")).toThrow("Row 3, column y: `n/k` is not a number");
  });

  test("of JSON rows, columns or plain numbers reads the same", () => {
    const rows = '[{"date":"2024-01-01","y":1},{"date":"2024-01-02","y":null},{"date":"2024-01-03","y":3}]';
    const columns = '{"date":["2024-01-01","2024-01-02","2024-01-03"],"y":[1,null,3]}';
    for (const text of [rows, columns, "[1,null,3]"]) expect(valuesOf(read(text))).toEqual([1, Number.NaN, 3]);
  });

  test("in any order of rows gives one series", () => {
    const data = read("date,y\n2024-01-03,3\n2024-01-01,1\n2024-01-02,2\n");
    expect(valuesOf(data)).toEqual([1, 2, 3]);
    expect(codes(data)).toEqual(["unsorted"]);
  });

  test("with a day left out has a gap that is named, and with too many is refused", () => {
    const days = [1, 2, 3, 4, 6, 7, 8, 9, 10].map((day) => `2024-01-${String(day).padStart(2, "0")}`);
    const data = column("date", days);
    expect(data.warnings[0]).toMatchObject({ code: "gaps_filled", message: "No row for 2024-01-05." });
    expect(data.series[0]!.datesAfter(1)).toEqual(["2024-01-11"]);
    const sparse = "date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-09,3\n";
    expect(() => read(sparse)).toThrow("6 of 9 steps (daily) have no row");
    expect(read(sparse, { gaps: "fill" }).series[0]!.values.length).toBe(9);
  });

  test("with two rows of one date is refused until it is said what to do", () => {
    const text = "date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-03,5\n2024-01-03,9\n";
    expect(() => read(text)).toThrow("date 2024-01-03 stands in 2 rows: set duplicates to mean, sum, first or last");
    expect(valuesOf(read(text, { duplicates: "sum" })).at(-1)).toBe(14);
  });

  test("of several series proposes the column that tells them apart", () => {
    const text = "date,store,y\n2024-01-01,b,1\n2024-01-01,a,5\n2024-01-02,b,2\n2024-01-02,a,6\n";
    expect(() => read(text)).toThrow("name the column of series (id: store)");
    expect(read(text, { id: "store" }).series.map(({ id, values }) => [id, ...values])).toEqual([
      ["b", 1, 2],
      ["a", 5, 6],
    ]);
  });

  test("whose last rows have no value asks for as many steps", () => {
    const data = read("date,y,promo\n2024-01-01,1,0\n2024-01-02,2,1\n2024-01-03,,1\n2024-01-04,,0\n");
    expect([data.emptyTail, ...valuesOf(data)]).toEqual([2, 1, 2]);
  });

  test.each([
    ["", "empty"],
    ["date,y\n", "no rows"],
    ["date,y\n2024-01-01,1,2\n", "Row 1 has 3 cells"],
    ["date,y\n2024-01-01,\n", "no value"],
    ["a,b\nx,y\n", "No column holds numbers"],
    ['[{"y":', "begins as JSON"],
  ])("of %p is refused with a sentence", (text, told) => {
    expect(() => read(text)).toThrow(told);
  });
});

describe("dates go on by the calendar:", () => {
  test.each([
    [
      "last days of months",
      ["2023-10-31", "2023-11-30", "2023-12-31", "2024-01-31"],
      ["2024-02-29", "2024-03-31", "2024-04-30"],
    ],
    ["the 30th", ["2019-10-30", "2019-11-30", "2019-12-30", "2020-01-30"], ["2020-02-29", "2020-03-30", "2020-04-30"]],
    ["the 1st", ["2024-01-01", "2024-02-01", "2024-03-01"], ["2024-04-01", "2024-05-01"]],
    ["Mondays", ["2016-01-04", "2016-01-11", "2016-01-18"], ["2016-01-25", "2016-02-01"]],
    ["a 19 decides for day first", ["05/01/2024", "12/01/2024", "19/01/2024"], ["26/01/2024"]],
    ["years", [2014, 2015, 2016, 2017, 2018], ["2019", "2020"]],
    ["Unix seconds", [1704067200, 1704070800, 1704074400], ["1704078000"]],
    ["months without days", ["2024-01", "2024-02", "2024-03"], ["2024-04"]],
    ["instants", ["2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z"], ["2024-01-01T02:00:00Z"]],
    [
      "the hour that comes twice, with offsets",
      ["2024-10-27T01:00+02:00", "2024-10-27T02:00+02:00", "2024-10-27T02:00+01:00", "2024-10-27T03:00+01:00"],
      ["2024-10-27T04:00+01:00"],
    ],
  ])("%s", (_, cells, next) => {
    expect(
      column(typeof cells[0] === "number" && cells[0] < 3000 ? "year" : "date", cells).series[0]!.datesAfter(
        next.length,
      ),
    ).toEqual(next);
  });

  test("business days leave weekends out, and tell a holiday", () => {
    const days = Array.from({ length: 33 }, (_, day) => new Date(Date.UTC(2024, 0, 29 + day)))
      .filter((date) => date.getUTCDay() % 6 !== 0)
      .map((date) => date.toISOString().slice(0, 10));
    const data = column(
      "date",
      days.filter((day) => day !== "2024-02-14"),
    );
    expect(data.series[0]!.datesAfter(2)).toEqual(["2024-03-04", "2024-03-05"]);
    expect(data.warnings[0]!.message).toBe("No row for 2024-02-14.");
  });

  test("days and months that cannot be told apart are told", () => {
    const cells = Array.from({ length: 12 }, (_, k) => `01/${String(k + 1).padStart(2, "0")}/2024`);
    const data = column("date", cells);
    expect(data.warnings[0]).toMatchObject({ code: "ambiguous_dates" });
    expect(data.warnings[0]!.message).toContain("date_format");
  });

  test("an index counts on", () => {
    expect(column("t", [1, 2, 3]).series[0]!.datesAfter(2)).toEqual(["4", "5"]);
  });
});
