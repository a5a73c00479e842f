/** What one input does to a result when it goes from one end of its range to the other. */
export interface TornadoBar {
  name: string;
  label: string;
  /** The ends of the input, in words. */
  lowWords: string;
  highWords: string;
  /** The result at either end; NaN for none. */
  atLow: number;
  atHigh: number;
}

export interface TornadoProps {
  widthPx: number;
  /** Widest first. */
  bars: readonly TornadoBar[];
  /** The result with every input in the middle. */
  centre: number;
  words(value: number): string;
}

const ROW_PX = 44;
const BAR_PX = 14;
const TOP = 20;
/** Kept free at either side for the values at the ends. */
const SIDE_PX = 84;

/** A bar for each input from what its low end gives to what its high end gives, about the line of the centre. */
export function Tornado({ widthPx, bars, centre, words }: TornadoProps) {
  const values = [centre, ...bars.flatMap(({ atLow, atHigh }) => [atLow, atHigh])].filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = widthPx - 2 * SIDE_PX;
  const xOf = (value: number) => SIDE_PX + (high === low ? room / 2 : ((value - low) / (high - low)) * room);
  const height = TOP + bars.length * ROW_PX;
  return (
    <svg class="tornado" width={widthPx} height={height} aria-hidden="true">
      <text x={xOf(centre)} y={12} text-anchor="middle">
        {words(centre)}
      </text>
      {bars.map((bar, row) => (
        <Bar key={bar.name} {...bar} {...{ xOf, words, centre }} top={TOP + row * ROW_PX} />
      ))}
    </svg>
  );
}

interface BarProps extends TornadoBar {
  top: number;
  centre: number;
  xOf(value: number): number;
  words(value: number): string;
}

function Bar({ label, lowWords, highWords, atLow, atHigh, top, centre, xOf, words }: BarProps) {
  const ends = [
    { value: atLow, side: "low" },
    { value: atHigh, side: "high" },
  ].filter(({ value }) => Number.isFinite(value));
  const left = ends.toSorted((a, b) => a.value - b.value)[0];
  const middle = xOf(centre);
  return (
    <g>
      <line class="tornado-centre" x1={middle} x2={middle} y1={top + 16} y2={top + BAR_PX + 20} />
      <text class="tornado-label" x={0} y={top + 12}>
        {label}
        <tspan class="tornado-range" dx="8">
          {lowWords} to {highWords}
        </tspan>
      </text>
      {ends.map(({ value, side }) => (
        <g key={side}>
          <rect
            class={`tornado-${side}`}
            x={Math.min(xOf(value), middle)}
            y={top + 18}
            width={Math.max(1, Math.abs(xOf(value) - middle))}
            height={BAR_PX}
          />
          <text
            x={xOf(value) + (value === left?.value && side === left.side ? -6 : 6)}
            y={top + 18 + BAR_PX - 3}
            text-anchor={value === left?.value && side === left.side ? "end" : "start"}
          >
            {words(value)}
          </text>
        </g>
      ))}
    </g>
  );
}
