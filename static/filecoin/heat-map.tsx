import { useState } from "preact/hooks";
import { decimalsOfStep, formatNumber } from "../common/format";

/** Where a cell lies: its place along each axis. */
export interface Cell {
  column: number;
  row: number;
}

export interface HeatMapProps {
  label: string;
  widthPx: number;
  xs: readonly number[];
  ys: readonly number[];
  xLabel: string;
  yLabel: string;
  /** The value of a cell; NaN for none. */
  valueAt(cell: Cell): number;
  /** A value in words. */
  words(value: number): string;
  /** Where the scenario of the page is, in the units of the axes. */
  here: { x: number; y: number } | undefined;
  onRead(cell: Cell | null): void;
  onPick(cell: Cell): void;
}

/** Cividis by J. R. Nuñez, C. R. Anderton and R. S. Renslow, 2018, in ten steps: alike with any colour vision. */
const COLOURS = [
  [0, 34, 78],
  [18, 53, 112],
  [59, 73, 108],
  [87, 93, 109],
  [112, 113, 115],
  [138, 134, 120],
  [165, 156, 116],
  [195, 179, 105],
  [225, 204, 85],
  [254, 232, 56],
] as const;

const LEFT = 64;
const TOP = 36;
const BOTTOM = 36;
const ROW_PX = 18;
const KEY_STEPS = 40;
const TICK_PX = 64;
/** A step such as a seventh would need more than there is room for. */
const MAX_TICK_DECIMALS = 4;

/** One value for each pair of two inputs, as colours; the pointer and the arrow keys read it, a click or Enter takes it. */
export function HeatMap(props: HeatMapProps) {
  const { xs, ys, widthPx } = props;
  const [at, setAt] = useState<Cell | null>(null);
  const frame = frameOf(props);
  const [low, high] = extentOfCells(props);
  function read(cell: Cell | null): void {
    setAt(cell);
    props.onRead(cell);
  }
  function press(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (event.key === "Enter" && at !== null) props.onPick(at);
    if (step === undefined) return;
    event.preventDefault();
    const from = at ?? { column: 0, row: 0 };
    read({
      column: Math.min(xs.length - 1, Math.max(0, from.column + (at === null ? 0 : step[0]))),
      row: Math.min(ys.length - 1, Math.max(0, from.row + (at === null ? 0 : step[1]))),
    });
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: it groups a drawing and what it says, not the fields of a form
    <div
      class="heat-map"
      role="group"
      aria-label={`${props.label}. Arrow keys read the cells, Enter takes one.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read the cells
      tabIndex={0}
      onKeyDown={press}
      onPointerMove={(event) => read(cellAt(event, frame, props))}
      onPointerLeave={() => read(null)}
      onClick={() => at !== null && props.onPick(at)}
      onBlur={() => read(null)}
    >
      <svg width={widthPx} height={frame.height} aria-hidden="true">
        <ColourKey {...{ low, high, widthPx }} words={props.words} />
        <Cells {...props} frame={frame} low={low} high={high} />
        <Axes {...props} frame={frame} />
        {at !== null && (
          <rect
            class="heat-cursor"
            x={LEFT + at.column * frame.cellWidth}
            y={frame.yOf(at.row)}
            width={frame.cellWidth}
            height={frame.cellHeight}
          />
        )}
      </svg>
    </div>
  );
}

const STEPS: Record<string, readonly [number, number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

interface Frame {
  cellWidth: number;
  cellHeight: number;
  plotHeight: number;
  height: number;
  /** The upper edge of a row; the first is the lowest. */
  yOf(row: number): number;
}

function frameOf({ xs, ys, widthPx }: HeatMapProps): Frame {
  const cellWidth = (widthPx - LEFT - 1) / xs.length;
  const plotHeight = ys.length * ROW_PX;
  return {
    cellWidth,
    cellHeight: ROW_PX,
    plotHeight,
    height: TOP + plotHeight + BOTTOM,
    yOf: (row) => TOP + (ys.length - 1 - row) * ROW_PX,
  };
}

function cellAt(event: PointerEvent, frame: Frame, { xs, ys }: HeatMapProps): Cell | null {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const column = Math.floor((event.clientX - box.left - LEFT) / frame.cellWidth);
  const row = ys.length - 1 - Math.floor((event.clientY - box.top - TOP) / frame.cellHeight);
  return column >= 0 && column < xs.length && row >= 0 && row < ys.length ? { column, row } : null;
}

function extentOfCells({ xs, ys, valueAt }: HeatMapProps): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < ys.length; row++) {
    for (let column = 0; column < xs.length; column++) {
      const value = valueAt({ column, row });
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

function Cells({ xs, ys, valueAt, frame, low, high }: HeatMapProps & { frame: Frame; low: number; high: number }) {
  return (
    <g class="heat-cells">
      {ys.flatMap((y, row) =>
        xs.map((x, column) => (
          <rect
            key={`${x} ${y}`}
            x={LEFT + column * frame.cellWidth}
            y={frame.yOf(row)}
            // A little over the edge, so that no ground shows between cells.
            width={frame.cellWidth + 0.5}
            height={frame.cellHeight + 0.5}
            fill={colourOf(valueAt({ column, row }), low, high)}
          />
        )),
      )}
    </g>
  );
}

function Axes(props: HeatMapProps & { frame: Frame }) {
  const { xs, ys, frame, here, xLabel, yLabel } = props;
  const every = Math.max(1, Math.ceil(TICK_PX / frame.cellWidth));
  const under = TOP + frame.plotHeight;
  return (
    <g class="heat-axes">
      <text x={0} y={TOP - 6}>
        {yLabel}
      </text>
      {xs.map(
        (x, column) =>
          column % every === 0 && (
            <text key={x} x={LEFT + (column + 0.5) * frame.cellWidth} y={under + 14} text-anchor="middle">
              {tickWords(x, xs)}
            </text>
          ),
      )}
      {ys.map(
        (y, row) =>
          row % 2 === 0 && (
            <text key={y} x={LEFT - 8} y={frame.yOf(row) + frame.cellHeight / 2 + 4} text-anchor="end">
              {tickWords(y, ys)}
            </text>
          ),
      )}
      <text x={props.widthPx} y={under + 32} text-anchor="end">
        {xLabel}
      </text>
      {here !== undefined && (
        <circle
          class="heat-here"
          cx={LEFT + placeOf(here.x, xs) * frame.cellWidth}
          cy={under - placeOf(here.y, ys) * frame.cellHeight}
          r="5"
        />
      )}
    </g>
  );
}

function ColourKey(props: { low: number; high: number; widthPx: number; words: (value: number) => string }) {
  const { low, high, widthPx, words } = props;
  const width = Math.min(160, widthPx / 3);
  const left = widthPx - width - 72;
  if (!(high >= low)) return null;
  return (
    <g class="heat-axes">
      <text x={left - 8} y={13} text-anchor="end">
        {words(low)}
      </text>
      {Array.from({ length: KEY_STEPS }, (_, step) => (
        <rect
          key={step}
          x={left + (step * width) / KEY_STEPS}
          y={4}
          width={width / KEY_STEPS + 0.5}
          height={10}
          fill={colourOf(step, 0, KEY_STEPS - 1)}
        />
      ))}
      <text x={widthPx - 64} y={13}>
        {words(high)}
      </text>
    </g>
  );
}

/** Where a value lies along the cells, in cells from the first edge; the values are those of the middles. */
function placeOf(value: number, values: readonly number[]): number {
  const [first, last] = [values[0]!, values.at(-1)!];
  return 0.5 + ((value - first) / (last - first)) * (values.length - 1);
}

function tickWords(value: number, values: readonly number[]): string {
  const step = Math.abs(values.at(-1)! - values[0]!) / (values.length - 1);
  return formatNumber(value, Math.min(MAX_TICK_DECIMALS, decimalsOfStep(step)));
}

/** Transparent for what is no number. */
function colourOf(value: number, low: number, high: number): string {
  if (!Number.isFinite(value)) return "transparent";
  const place = high === low ? 0.5 : ((value - low) / (high - low)) * (COLOURS.length - 1);
  const at = Math.min(COLOURS.length - 2, Math.floor(place));
  const [from, to] = [COLOURS[at]!, COLOURS[at + 1]!];
  const mixed = from.map((part, channel) => Math.round(part + (to[channel]! - part) * (place - at)));
  return `rgb(${mixed.join(" ")})`;
}
