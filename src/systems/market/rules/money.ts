import { roundHalfEven, scaledHalfEven } from "../../../numeric/rounding";

/** An amount of money as a whole number of 1e-9 XNM (docs/market.md, Money). */
export type Nano = bigint;

const NANO_PLACES = 9;
const NANO_PER_XNM = 1e9;
const SHOWN_PLACES = 4;

/** The largest amount of one deposit, withdrawal, transfer or price, in XNM. */
export const MAX_AMOUNT_XNM = 1e9;
/** The largest balance; below 2^63 so that it fits the database's integers. */
export const MAX_BALANCE: Nano = 9_000_000_000n * 1_000_000_000n;

/** The nearest amount to a finite number of XNM. */
export function nanoOf(xnm: number): Nano {
  return scaledHalfEven(xnm, NANO_PLACES);
}

/** The nearest double to an amount, in XNM, for JSON. */
export function xnmOf(amount: Nano): number {
  return Number(amount) / NANO_PER_XNM;
}

/** An amount as receipts show it: XNM with 4 decimals. */
export function shownXnm(amount: Nano): number {
  return roundHalfEven(xnmOf(amount), SHOWN_PLACES);
}
