const MAX_DECIMALS = 6;

/** A number as outputs hold it: whole ones bare, others with at most six decimals and never an exponent. */
export function textOf(value: number): string {
  if (Number.isInteger(value))
    return Math.abs(value) < 1e21 ? String(value === 0 ? 0 : value) : BigInt(value).toString();
  if (!Number.isFinite(value)) return String(value);
  const text = value.toFixed(MAX_DECIMALS).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}
