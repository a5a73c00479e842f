/** Most days on which bands are taken. */
export const MAX_SAMPLED_DAYS = 530;

/** The forecast days of a sample: every `stepDays`-th from day 0 on. */
export function sampledDays(forecastDays: number, stepDays: number): Int32Array {
  return Int32Array.from({ length: Math.ceil(forecastDays / stepDays) }, (_, k) => k * stepDays);
}

/** The smallest step that stays within `MAX_SAMPLED_DAYS`. */
export function finestStep(forecastDays: number): number {
  return Math.ceil(forecastDays / MAX_SAMPLED_DAYS);
}
