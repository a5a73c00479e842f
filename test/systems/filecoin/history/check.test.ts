import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../../src/platform/clock";
import { historyCheck } from "../../../../src/systems/filecoin/history/check";
import { historyFileOf } from "../../../../src/systems/filecoin/history/file";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foresight-history-check-"));
});

afterAll(() => rm(folder, { recursive: true }));

function checkOf(today: string, file?: string) {
  const clock = { ...systemClock, now: () => Date.parse(`${today}T12:00:00Z`) };
  return historyCheck({ DATA_DIR: folder, FILECOIN_HISTORY_FILE: file }, clock);
}

describe("the history's line of doctor", () => {
  test("is well while the history is of this week, wherever it comes from", async () => {
    const file = join(folder, "history.json");
    await Bun.write(file, JSON.stringify(historyFileOf(sampleHistory())));
    const finding = await checkOf("2025-09-14", file).run();
    expect(finding).toMatchObject({ outcome: "works", found: "source file, 2022-10-10 to 2025-09-09, 5 days old" });
  });

  test("tells of one that ended long ago as a limit, not a fault", async () => {
    expect(await checkOf("2026-01-15").run()).toMatchObject({
      outcome: "limited",
      found: "source sample, 2022-10-10 to 2025-09-09, 128 days old",
      advice: expect.stringContaining("--history FILE"),
    });
  });

  test("throws what is wrong with a file that cannot be used", async () => {
    const file = join(folder, "broken.json");
    await Bun.write(file, JSON.stringify({ start_date: 7 }));
    await expect((async () => checkOf("2026-01-15", file).run())()).rejects.toThrow("start_date");
  });
});
