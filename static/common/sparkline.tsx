const WIDTH = 96;
const HEIGHT = 28;
const MARGIN = 2;

/** A line of the recent past without axes. It only repeats what the figure beside it says, so no reader speaks it. */
export function Sparkline(props: { values: ArrayLike<number> }) {
  return (
    <svg class="sparkline" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path d={sparklinePath(props.values)} />
    </svg>
  );
}

/** The path of the finite values over the whole width; of more values than pixels one per pixel is taken. */
export function sparklinePath(values: ArrayLike<number>): string {
  const finite = Array.from(values).filter(Number.isFinite);
  if (finite.length < 2) return "";
  const count = Math.min(finite.length, WIDTH);
  const low = Math.min(...finite);
  const spread = Math.max(...finite) - low || 1;
  const points: string[] = [];
  for (let i = 0; i < count; i++) {
    const value = finite[Math.round((i * (finite.length - 1)) / (count - 1))]!;
    const x = (i * WIDTH) / (count - 1);
    const y = HEIGHT - MARGIN - ((value - low) / spread) * (HEIGHT - 2 * MARGIN);
    points.push(`${x.toFixed(1)} ${y.toFixed(1)}`);
  }
  return `M${points.join("L")}`;
}
