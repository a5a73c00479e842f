import { afterEach, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cachePath, readCache } from "../../../../src/systems/filecoin/history/cache";
import { historyFileOf } from "../../../../src/systems/filecoin/history/file";
import { waitingSentence } from "../../../../src/systems/filecoin/history/keeper";
import { type Fault, SYNTHETIC } from "../../../support/spacescope";
import { until } from "../../../support/until";
import { closeHouses, freshFolder, HOUR_MS, house, keep, MORNING, phaseOf, settled } from "./house";

afterEach(closeHouses);

describe("with a token and nothing kept", () => {
  test("there is nothing until all is fetched, and how far that is can be seen", async () => {
    const release = Promise.withResolvers<void>();
    const held: Fault = async ({ path }) => {
      if (path === "/deals/deal_size") await release.promise;
      return undefined;
    };
    const it = house({ fault: held });
    await it.keeper.start();
    expect(it.keeper.view().snapshot).toBeUndefined();
    await until(() => it.spacescope.seen.some(({ path }) => path === "/deals/deal_size"), "the held request");
    await until(() => (it.keeper.view().state as { done?: number }).done === 25, "all other requests");
    expect(it.keeper.view().state).toEqual({ phase: "loading", done: 25, total: 28 });
    expect(waitingSentence(it.keeper.view())).toContain(
      "not loaded yet; try again shortly. 25 of 28 requests are done.",
    );
    expect(it.served).toEqual([]);
    release.resolve();
    await settled(it, "ready");
    expect(it.served.map(({ source, currentDate }) => [source, currentDate])).toEqual([
      ["spacescope", SYNTHETIC.currentDate],
    ]);
    expect(it.keeper.view()).toMatchObject({ ageDays: 1, reanchoredByDays: 0, snapshot: it.served[0]! });
  });

  test("the sample stands in when it is asked to, and gives way", async () => {
    const it = house({ environment: { FILECOIN_HISTORY_FALLBACK: "sample" } });
    await it.keeper.start();
    expect(it.served.map(({ source }) => source)).toEqual(["sample"]);
    expect(phaseOf(it)).toBe("loading");
    await settled(it, "ready");
    expect(it.served.map(({ source }) => source)).toEqual(["sample", "spacescope"]);
  });

  test("a load that fails says why and when the next one is, which then succeeds", async () => {
    const it = house({ fault: () => new Response("", { status: 401 }) });
    await it.keeper.start();
    await settled(it, "failed");
    const { state, snapshot } = it.keeper.view();
    expect(snapshot).toBeUndefined();
    expect(state).toMatchObject({ phase: "failed", nextTryAt: `${SYNTHETIC.today}T10:30:00.000Z` });
    expect(waitingSentence(it.keeper.view())).toContain("refused the token with 401. Check SPACESCOPE_TOKEN");
    expect(waitingSentence(it.keeper.view())).toContain("FILECOIN_HISTORY_FALLBACK=sample");
    it.spacescope.breakBy(undefined);
    it.clock.advance(HOUR_MS / 2);
    await settled(it, "ready");
    expect(it.served).toHaveLength(1);
    expect(`${it.log.join("")}${JSON.stringify(state)}`).not.toContain("test-token");
  });

  test("what was fetched is there at the next start, without asking", async () => {
    const first = house();
    await first.keeper.start();
    await settled(first, "ready");
    const second = house({ dataDir: first.dataDir });
    await second.keeper.start();
    expect(second.served).toEqual(first.served);
    expect(second.keeper.view().notes).toEqual(first.keeper.view().notes);
    expect(second.spacescope.seen).toEqual([]);
  });

  test("a folder that cannot be written keeps nothing from being served, which is told", async () => {
    const dataDir = join(freshFolder(), "file");
    writeFileSync(dataDir, "in the way");
    const it = house({ dataDir: join(dataDir, "below") });
    await it.keeper.start();
    await settled(it, "ready");
    expect(it.served).toHaveLength(1);
    expect(it.keeper.view().notes.at(-1)).toContain("could not be kept for the next start");
  });

  test("stopping in the middle calls the requests off", async () => {
    const it = house({ fault: () => new Promise(() => undefined) });
    await it.keeper.start();
    await until(() => it.spacescope.seen.length > 0, "a request");
    await it.keeper.stop();
    expect(it.served).toEqual([]);
    expect(it.clock.planned()).toEqual([]);
    expect(it.log).toEqual([]);
  });
});

describe("without a token", () => {
  const environment = { SPACESCOPE_TOKEN: "" };

  test("the sample is served and nobody is asked", async () => {
    const it = house({ environment });
    await it.keeper.start();
    it.clock.advance(48 * HOUR_MS);
    expect(it.served.map(({ source }) => source)).toEqual(["sample"]);
    expect([phaseOf(it), it.spacescope.seen]).toEqual(["ready", []]);
  });

  test("a kept history is served under its own dates", async () => {
    const it = house({ environment, now: "2025-09-20T10:00:00Z" });
    const history = await keep(it.dataDir, {});
    await it.keeper.start();
    expect(it.served.map(historyFileOf)).toEqual([historyFileOf(history)]);
    expect(it.keeper.view()).toMatchObject({ ageDays: 11, reanchoredByDays: 0, notes: ["kept earlier"] });
  });

  test("or under dates that end yesterday when that is asked, every day anew", async () => {
    const settings = { ...environment, FILECOIN_HISTORY_REANCHOR: "true" };
    const it = house({ environment: settings, now: "2025-09-20T10:00:00Z" });
    await keep(it.dataDir, {});
    await it.keeper.start();
    it.clock.advance(24 * HOUR_MS);
    await until(() => it.served.length === 2, "the next day's dates");
    expect(it.served.map(({ currentDate, reanchoredByDays }) => [currentDate, reanchoredByDays])).toEqual([
      ["2025-09-19", 10],
      ["2025-09-20", 11],
    ]);
    expect(it.keeper.view()).toMatchObject({ ageDays: 12, reanchoredByDays: 11 });
  });

  test("the sample's dates stay true in any case", async () => {
    const it = house({
      environment: { ...environment, FILECOIN_HISTORY_REANCHOR: "true" },
      now: "2026-01-01T10:00:00Z",
    });
    await it.keeper.start();
    expect(it.served[0]!.currentDate).toBe("2025-09-09");
  });

  test("a kept history that is broken gives way to the sample, which is told", async () => {
    const it = house({ environment });
    writeFileSync(cachePath(it.dataDir), '{"version": 1');
    await it.keeper.start();
    expect(it.served[0]!.source).toBe("sample");
    expect(it.keeper.view().notes[0]).toContain("is not used");
    expect(it.log.join()).toContain("the kept Filecoin history is not used");
  });
});

describe("a kept history", () => {
  test.each([
    ["that is broken", '{"version": 1, "sto'],
    ["of a newer program", '{"version": 99}'],
  ])("%s is fetched anew and replaced", async (_, content) => {
    const it = house();
    writeFileSync(cachePath(it.dataDir), content);
    await it.keeper.start();
    expect(it.keeper.view().notes[0]).toContain("is not used");
    await settled(it, "ready");
    expect(it.served.map(({ source }) => source)).toEqual(["spacescope"]);
    expect(await readCache(cachePath(it.dataDir))).toMatchObject({
      found: "history",
      kept: { storedAt: isoOf(MORNING) },
    });
  });

  test("that is outdated is served and replaced at once", async () => {
    const it = house();
    await keep(it.dataDir, { startDate: "2022-05-09", currentDate: "2025-04-08" });
    await it.keeper.start();
    expect(it.served.map(({ currentDate }) => currentDate)).toEqual(["2025-04-08"]);
    await settled(it, "ready");
    expect(it.served.map(({ currentDate }) => currentDate)).toEqual(["2025-04-08", SYNTHETIC.currentDate]);
  });
});

function isoOf(time: string): string {
  return new Date(time).toISOString();
}
