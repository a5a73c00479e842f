import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { billOf, costOf, endOf } from "../../../../src/systems/market/rules/billing";
import { nanoOf, shownXnm, xnmOf } from "../../../../src/systems/market/rules/money";

const minuteAtSixtyCents = { createdAtMs: 1_000_000, durationSec: 60, pricePerMin: nanoOf(0.6) };
const price = minuteAtSixtyCents.pricePerMin;
const rich = nanoOf(1000);

describe("billing", () => {
  test("a stopped lease is billed to the millisecond and split 95/5", () => {
    const bill = billOf(price, 2797, rich);
    expect(bill).toEqual({ billedMs: 2797, total: 27_970_000n, payout: 26_571_500n, fee: 1_398_500n });
    expect([bill.total, bill.payout, bill.fee].map(shownXnm)).toEqual([0.028, 0.0266, 0.0014]);
  });

  test("defect 17: a lease that expires is billed for the time that was bought, however late that is noticed", () => {
    const days = 86_400_000;
    const endedAtMs = endOf(minuteAtSixtyCents, 1_000_000 + 3 * days);
    expect(endedAtMs).toBe(1_060_000);
    expect(billOf(price, endedAtMs - minuteAtSixtyCents.createdAtMs, rich).total).toBe(nanoOf(0.6));
  });

  test("a clock that was set back bills nothing", () => {
    expect(endOf(minuteAtSixtyCents, 5)).toBe(1_000_000);
    expect(billOf(price, 0, rich).total).toBe(0n);
  });

  test("a consumer never pays more than there is", () => {
    expect(billOf(price, 60_000, nanoOf(0.1)).total).toBe(nanoOf(0.1));
    expect(billOf(price, 60_000, 0n).total).toBe(0n);
    expect(billOf(price, 60_000, -5n).total).toBe(0n);
  });

  test("whatever the lease, payout and fee make the total, and the fee is a twentieth to the nearest unit", () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 18n });
    fc.assert(
      fc.property(amounts, amounts, fc.nat({ max: 10 ** 9 }), (pricePerMin, balance, elapsedMs) => {
        const { total, payout, fee } = billOf(pricePerMin, elapsedMs, balance);
        expect(payout + fee).toBe(total);
        expect(total <= balance).toBe(true);
        const error = fee * 20n - total;
        expect(error <= 10n && error >= -10n).toBe(true);
      }),
    );
  });

  test("the cost of a minute is the price per minute, to the last unit", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (pricePerMin) => {
        expect(costOf(pricePerMin, 60_000)).toBe(pricePerMin);
      }),
    );
  });
});

describe("money", () => {
  test("decimal amounts of up to nine places are exact both ways", () => {
    for (const xnm of [0, 0.1, 0.3, 111.2203159, 1e-9, 999_999.999999999, 1e9]) expect(xnmOf(nanoOf(xnm))).toBe(xnm);
  });

  test("finer amounts go to the nearest unit", () => {
    expect([1e-10, 6e-10, 1.4e-9].map(nanoOf)).toEqual([0n, 1n, 1n]);
  });

  test("what is not finite is no amount", () => {
    expect(() => nanoOf(Number.POSITIVE_INFINITY)).toThrow("finite");
  });
});
