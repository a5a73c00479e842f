import { afterEach, describe, expect, test } from "bun:test";
import { readFileSync, rmSync } from "node:fs";
import { cachePath } from "../../../../src/systems/filecoin/history/cache";
import { sampleHistory } from "../../../../src/systems/filecoin/history/sample";
import type { HistorySnapshot } from "../../../../src/systems/filecoin/history/snapshot";
import { type Fault, SYNTHETIC } from "../../../support/spacescope";
import { until } from "../../../support/until";
import { closeHouses, HOUR_MS, type House, type HouseOptions, house, phaseOf, settled } from "./house";

afterEach(closeHouses);

const down: Fault = () => Response.json({ message: "resting" }, { status: 404 });

describe("the refresh", () => {
  /** A keeper that has fetched its history, and a server that counts from then on. */
  async function loaded(options: HouseOptions = {}): Promise<House> {
    const it = house(options);
    await it.keeper.start();
    await settled(it, "ready");
    it.spacescope.seen.length = 0;
    return it;
  }

  test("comes at the set time of UTC", async () => {
    const it = await loaded({ environment: { FILECOIN_RELOAD_TRIGGER: "03:30" } });
    expect(it.clock.planned()).toContain(Date.parse("2025-04-13T03:30:00Z"));
    it.clock.advance(17.5 * HOUR_MS - 1);
    expect(it.spacescope.seen).toEqual([]);
    it.clock.advance(1);
    await until(() => it.spacescope.seen.length > 0, "the refresh");
    await settled(it, "ready");
    const last = it.spacescope.seen.map(({ query }) => query["end_date"]).filter((date) => date !== undefined);
    expect(last.toSorted().at(-1)).toBe("2025-04-12");
  });

  test("comes after the last day of a month as after any other", async () => {
    const it = await loaded({ now: "2025-01-31T10:00:00Z" });
    expect(it.clock.planned()).toContain(Date.parse("2025-02-01T02:00:00Z"));
    it.clock.advance(16 * HOUR_MS);
    await until(() => it.served.length === 2, "the refresh");
    expect(it.served.map(({ currentDate }) => currentDate)).toEqual(["2025-01-30", "2025-01-31"]);
  });

  test("comes every two minutes while it is tried out", async () => {
    const it = await loaded({ environment: { FILECOIN_RELOAD_TEST_MODE: "true" } });
    it.clock.advance(120_000);
    await until(() => it.served.length === 2, "the refresh");
  });

  test.each([
    ["the service is down", down, "answered 404"],
    ["the token is no longer taken", () => new Response("", { status: 403 }), "refused the token with 403"],
    ["there is no data member", () => Response.json({ code: 0 }), "sent no data member"],
  ] as [string, Fault, string][])("keeps what there is when %s", async (_, fault, sentence) => {
    const it = await loaded();
    const before = readFileSync(cachePath(it.dataDir), "utf8");
    it.spacescope.breakBy(fault);
    it.clock.advance(16 * HOUR_MS);
    await settled(it, "failed");
    expect(it.keeper.view()).toMatchObject({ snapshot: it.served[0]!, ageDays: 2 });
    expect((it.keeper.view().state as { sentence: string }).sentence).toContain(sentence);
    expect(it.served).toHaveLength(1);
    expect(readFileSync(cachePath(it.dataDir), "utf8")).toBe(before);
    it.spacescope.breakBy(undefined);
    it.clock.advance(HOUR_MS / 2);
    await settled(it, "ready");
    expect(it.served).toHaveLength(2);
  });

  test("that fails leaves a re-anchored history move on", async () => {
    const it = await loaded({ environment: { FILECOIN_HISTORY_REANCHOR: "true" } });
    it.spacescope.breakBy(down);
    it.clock.advance(16 * HOUR_MS);
    await settled(it, "failed");
    expect(it.served.map(({ currentDate, reanchoredByDays }) => [currentDate, reanchoredByDays])).toEqual([
      [SYNTHETIC.currentDate, undefined],
      ["2025-04-12", 1],
    ]);
  });

  test("does not come where a file is served, whatever the token", async () => {
    const file: HistorySnapshot = { ...sampleHistory(), source: "file" };
    const it = house({ file });
    rmSync(it.dataDir, { recursive: true });
    await it.keeper.start();
    expect(it.served).toEqual([file]);
    expect([it.clock.planned(), it.spacescope.seen, phaseOf(it)]).toEqual([[], [], "ready"]);
  });
});
