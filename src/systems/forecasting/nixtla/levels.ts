/** The two levels between which so many per cent lie, as they are told. */
export function levelsOf(percent: number): [low: number, high: number] {
  const [low, high] = [(100 - percent) / 200, (100 + percent) / 200].map((level) => Number(level.toFixed(9)));
  return [low!, high!];
}
