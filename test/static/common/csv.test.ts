import { describe, expect, test } from "bun:test";
import { csvCell, csvOf } from "../../../static/common/csv";

describe("a cell that a spreadsheet would run", () => {
  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])("%p gets an apostrophe", (text) => {
    expect(csvCell(text).replaceAll('"', "")).toStartWith("'");
  });

  test("a number is no formula, also when it is negative", () => expect(csvCell(-5.25)).toBe("-5.25"));
});

test("quotes, commas and line breaks stay inside their cell", () => {
  expect(csvCell('a "b", c\nd')).toBe('"a ""b"", c\nd"');
});

test("what has no value is an empty cell", () => {
  expect([null, undefined, Number.NaN, Infinity].map((value) => csvCell(value))).toEqual(["", "", "", ""]);
});

test("lines end as RFC 4180 says, and numbers keep every digit", () => {
  expect(csvOf(["date", "supply (FIL)"], [["2025-09-09", 0.1 + 0.2]])).toBe(
    "date,supply (FIL)\r\n2025-09-09,0.30000000000000004\r\n",
  );
});
