import { expect, test } from "bun:test";
import { daysUntilMonday, epochDay, isoDateOf } from "../../src/numeric/calendar";

test("dates and day numbers turn into each other, leap days included", () => {
  expect(epochDay("1970-01-01")).toBe(0);
  expect(epochDay("2020-10-15")).toBe(18_550);
  expect(epochDay("2024-02-29")).toBe(19_782);
  for (let day = -800; day < 40_000; day += 97) expect(epochDay(isoDateOf(day))).toBe(day);
});

test("a date that the calendar does not have is none", () => {
  for (const text of ["2025-02-29", "2025-13-01", "2025-1-1", "2025-01-01T00:00", "", " 2025-01-01", "20250101"]) {
    expect(epochDay(text)).toBeUndefined();
  }
});

test("the next Monday is found from every day of a week", () => {
  const monday = epochDay("2025-09-08")!;
  for (let k = 0; k < 7; k++) expect(daysUntilMonday(monday - k)).toBe(k);
  expect(daysUntilMonday(epochDay("1969-12-29")!)).toBe(0);
});
