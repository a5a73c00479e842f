/** Limits of a chart's size: what is asked for beyond them is brought to the nearest that can be drawn. */
export const SIZE_LIMITS_PX = { width: [240, 4096], height: [160, 4096] } as const;

export function widthWithin(widthPx: number | undefined, fallback: number): number {
  return within(widthPx, fallback, SIZE_LIMITS_PX.width);
}

export function heightWithin(heightPx: number | undefined, fallback: number): number {
  return within(heightPx, fallback, SIZE_LIMITS_PX.height);
}

function within(asked: number | undefined, fallback: number, [least, most]: readonly [number, number]): number {
  const wanted = asked === undefined || Number.isNaN(asked) ? fallback : asked;
  return Math.round(Math.min(most, Math.max(least, wanted)));
}
