import { expect, test } from "bun:test";
import { type Schedule, untilNextMs } from "../../../../src/systems/filecoin/history/schedule";

const DAILY: Schedule = { kind: "daily", atMinutesUtc: 120 };

test.each([
  ["2025-04-12T00:00:00Z", "2025-04-12T02:00:00.000Z"],
  ["2025-04-12T01:59:59.999Z", "2025-04-12T02:00:00.000Z"],
  ["2025-04-12T02:00:00Z", "2025-04-13T02:00:00.000Z"],
  ["2025-04-30T10:00:00Z", "2025-05-01T02:00:00.000Z"],
  ["2025-12-31T23:59:59Z", "2026-01-01T02:00:00.000Z"],
  ["2024-02-28T10:00:00Z", "2024-02-29T02:00:00.000Z"],
  ["2025-02-28T10:00:00Z", "2025-03-01T02:00:00.000Z"],
  // In Central Europe the clocks go forward at 01:00 UTC of this day.
  ["2025-03-30T00:30:00Z", "2025-03-30T02:00:00.000Z"],
])("after %s the daily refresh at 02:00 UTC is at %s", (now, next) => {
  const nowMs = Date.parse(now);
  expect(new Date(nowMs + untilNextMs(DAILY, nowMs)).toISOString()).toBe(next);
});

test("at midnight it is a day away at midnight itself", () => {
  expect(untilNextMs({ kind: "daily", atMinutesUtc: 0 }, Date.parse("2025-04-12T00:00:00Z"))).toBe(86_400_000);
});

test("while it is tried out it comes every two minutes", () => {
  expect(untilNextMs({ kind: "trial" }, Date.parse("2025-04-30T23:59:00Z"))).toBe(120_000);
});
