import { describe, expect, test } from "bun:test";
import { cashFlow } from "../../../static/filecoin/cash-flow";

const DAYS = 1000;
const pledge = new Float64Array(DAYS).fill(0.01);
const reward = new Float64Array(DAYS).fill(0.0001);
const plain = { startDay: 100, durationDays: 360, quality: 1, costFilPerYear: 0 };

describe("the cash flow of one TiB", () => {
  test("pays the pledge of 32 sectors at first and has it back when they end", () => {
    const flow = cashFlow(pledge, reward, plain);
    expect(flow.pledgeFil).toBeCloseTo(0.32, 12);
    expect(flow.pledge[0]).toBe(-flow.pledgeFil);
    expect(flow.pledge[360]).toBe(flow.pledgeFil);
    expect(flow.pledge.reduce((sum, value) => sum + value)).toBe(0);
  });

  test("a quarter of a reward is free at once, the rest over 180 days, and nothing is lost", () => {
    const flow = cashFlow(pledge, reward, plain);
    expect(flow.rewards[0]).toBeCloseTo(0.25 * 0.0032, 12);
    expect(flow.rewards[1]).toBeCloseTo(0.0032 * (0.25 + 0.75 / 180), 12);
    expect(flow.rewards[539]).toBeGreaterThan(0);
    expect(flow.rewards.reduce((sum, value) => sum + value)).toBeCloseTo(flow.rewardFil, 9);
    expect(flow.rewardFil).toBeCloseTo(360 * 0.0032, 9);
    expect(flow.cumulative.at(-1)).toBeCloseTo(flow.rewardFil, 9);
  });

  test("verified deals pledge and earn ten times as much", () => {
    const [one, ten] = [cashFlow(pledge, reward, plain), cashFlow(pledge, reward, { ...plain, quality: 10 })];
    expect(ten.pledgeFil).toBeCloseTo(10 * one.pledgeFil, 12);
    expect(ten.rewardFil).toBeCloseTo(10 * one.rewardFil, 9);
  });

  test("is in the black from the first day after which the sum is never below zero", () => {
    const flow = cashFlow(pledge, reward, plain);
    const day = flow.paidBackAfterDays!;
    expect(flow.cumulative[day - 1]).toBeLessThan(0);
    for (let later = day; later < flow.cumulative.length; later++)
      expect(flow.cumulative[later]).toBeGreaterThanOrEqual(0);
  });

  test("never is where costs are above rewards", () => {
    const flow = cashFlow(pledge, reward, { ...plain, costFilPerYear: 10 });
    expect(flow.costFil).toBeCloseTo((10 * 360) / 365, 9);
    expect(flow.paidBackAfterDays).toBeUndefined();
  });

  test("says when the forecast ends before the sectors do", () => {
    expect(cashFlow(pledge, reward, { ...plain, startDay: DAYS - 360 }).isCut).toBe(false);
    expect(cashFlow(pledge, reward, { ...plain, startDay: DAYS - 359 }).isCut).toBe(true);
  });
});
