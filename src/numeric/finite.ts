/** The value, or null where it is no number or infinite: what JSON has for it. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
