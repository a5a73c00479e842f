import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { reputationOf } from "../../../../src/systems/market/rules/reputation";

const DAY_MS = 86_400_000;

describe("reputation", () => {
  test("a young worker with two blocks and one finished lease", () => {
    const record = { verifiedBlocks: 2, completedLeases: 1, totalLeases: 1, onlineMs: 2404, registeredAtMs: 0 };
    expect(reputationOf(record, 4000)).toEqual({
      score: 42.82,
      stars: 2.1,
      breakdown: {
        block_score: 0.8,
        block_detail: { verified_blocks: 2, max_blocks: 100, weight: 40 },
        completion_score: 30,
        completion_detail: { completed_leases: 1, total_leases: 1, weight: 30 },
        uptime_score: 12.02,
        uptime_detail: { online_seconds: 2.4, total_seconds: 4, uptime_pct: 60.1, weight: 20 },
        age_score: 0,
        age_detail: { days: 0, max_days: 90, weight: 10 },
      },
    });
  });

  test("everything done is a hundred points and five stars, and no more", () => {
    const record = {
      verifiedBlocks: 500,
      completedLeases: 9,
      totalLeases: 9,
      onlineMs: 200 * DAY_MS,
      registeredAtMs: 0,
    };
    const { score, stars } = reputationOf(record, 100 * DAY_MS);
    expect([score, stars]).toEqual([100, 5]);
  });

  test("no leases yet count as all completed, an active one only in the total", () => {
    const base = { verifiedBlocks: 0, onlineMs: 0, registeredAtMs: 0 };
    const completion = (completedLeases: number, totalLeases: number) =>
      reputationOf({ ...base, completedLeases, totalLeases }, 1000).breakdown.completion_score;
    expect([completion(0, 0), completion(1, 2), completion(0, 1)]).toEqual([30, 15, 0]);
  });

  test("whatever the record, the score stays within 0 and 100", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.integer(), (blocks, done, extra, onlineMs, nowMs) => {
        const record = {
          verifiedBlocks: blocks,
          completedLeases: done,
          totalLeases: done + extra,
          onlineMs,
          registeredAtMs: 0,
        };
        const { score, stars } = reputationOf(record, nowMs);
        expect(score >= 0 && score <= 100 && stars >= 0 && stars <= 5).toBe(true);
      }),
    );
  });
});
