import { expect, test } from "bun:test";
import { historyDoubts } from "../../../../src/systems/filecoin/history/doubts";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import type { HistorySnapshot } from "../../../../src/systems/filecoin/history/snapshot";

const TODAY = "2025-09-10";

function doubts(change: (history: HistorySnapshot) => void, today = TODAY): string[] {
  const history = sampleHistory();
  change(history);
  return historyDoubts(history, today);
}

test("the sample raises none", () => expect(historyDoubts(sampleHistory(), TODAY)).toEqual([]));

type Change = Partial<Record<keyof HistorySnapshot, [at: number, value: number]>>;

test.each<[string, Change, string, string]>([
  ["burn that falls", { burntFil: [500, 1] }, "2024-02-22", "to 1 FIL"],
  ["burn below zero", { burntFil: [0, -1] }, "2022-10-10", "to -1 FIL"],
  ["quality-adjusted power below raw", { qaPowerEib: [10, 3] }, "2022-10-20", "3 EiB, is below raw"],
  ["no power", { rawPowerEib: [10, 0] }, "2022-10-20", "0 EiB"],
  ["a rate of 11", { renewalRate: [1, 11] }, "2022-10-11", "beyond 0 to 10"],
  ["terminations beyond schedule", { scheduledExpireRawPib: [1, -4] }, "2025-09-10", "-4 PiB"],
])("%s is told with its day and value", (_, change, day, value) => {
  const [doubt, ...more] = doubts((history) => {
    for (const [key, [at, to]] of Object.entries(change)) (history[key as "burntFil"] as Float64Array)[at] = to;
  });
  expect(more).toEqual([]);
  expect(doubt).toContain(day);
  expect(doubt).toContain(value);
});

test("a current date in the future is told", () => {
  expect(doubts(() => undefined, "2025-09-01")).toEqual([expect.stringContaining("2025-09-09, is in the future")]);
});

test("a first stock far from the next day's is told", () => {
  const [doubt] = doubts((history) => {
    history.lockedAtStartFil = 9e7;
  });
  expect(doubt).toContain("90000000 FIL");
});
