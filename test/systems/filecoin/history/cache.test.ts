import { describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cachePath, type KeptHistory, readCache, writeCache } from "../../../../src/systems/filecoin/history/cache";
import { historyFileOf } from "../../../../src/systems/filecoin/history/file";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";

const kept = {
  history: { ...sampleHistory(), source: "spacescope" as const },
  storedAt: "2025-09-10T02:00:00.000Z",
  notes: ["a day was sent twice"],
};

/** All but the figures, which hold days that have no number: these equal none. */
const told = ({ history, ...rest }: KeptHistory) => ({ ...rest, source: history.source });

function freshPath(): string {
  return cachePath(mkdtempSync(join(tmpdir(), "foresight-cache-")));
}

describe("the kept history", () => {
  test("comes back to the last bit, with its source, its time and its notes", async () => {
    const path = freshPath();
    await writeCache(path, kept);
    const look = (await readCache(path)) as { kept: KeptHistory };
    expect(told(look.kept)).toEqual(told(kept));
    expect(historyFileOf(look.kept.history)).toEqual(historyFileOf(kept.history));
    expect(readdirSync(join(path, ".."))).toEqual(["filecoin_history.json"]);
  });

  test("is not there at first", async () => {
    expect(await readCache(freshPath())).toEqual({ found: "nothing" });
  });

  const whole = async () => {
    const path = freshPath();
    await writeCache(path, kept);
    return JSON.parse(readFileSync(path, "utf8"));
  };
  test.each([
    ["cut short", async () => JSON.stringify(await whole()).slice(0, 5000), "JSON"],
    ["empty", async () => "", "JSON"],
    ["null", async () => "null", "its content is not as it should be"],
    [
      "of a newer program",
      async () => JSON.stringify({ ...(await whole()), version: 2 }),
      "form 2, of a newer program",
    ],
    ["without a time", async () => JSON.stringify({ ...(await whole()), stored_at: "" }), "its stored_at is not"],
    ["from nowhere", async () => JSON.stringify({ ...(await whole()), source: "sample" }), "its source is not"],
    [
      "short of a day",
      async () => {
        const content = await whole();
        content.history.offline_data.burnt_fil_vec.pop();
        return JSON.stringify(content);
      },
      "offline_data.burnt_fil_vec: expected 1066 entries",
    ],
  ])("%s is not used, which is told", async (_, content, sentence) => {
    const path = freshPath();
    writeFileSync(path, await content());
    const look = await readCache(path);
    expect(look).toMatchObject({ found: "unusable" });
    expect((look as { sentence: string }).sentence).toContain(`The kept history ${path} is not used: `);
    expect((look as { sentence: string }).sentence).toContain(sentence);
  });
});
