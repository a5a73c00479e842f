import { useRef } from "preact/hooks";
import { decimalsOfStep, formatDate, formatNumber } from "../common/format";
import { type Knots, knotsThrough, valueAt } from "./rate";

const WIDTH = 528;
const HEIGHT = 180;
/** Points across the drawing; more could not be set by hand. */
const COLUMNS = 61;
const GRID = [0, 0.25, 0.5, 0.75, 1];
const DAY_S = 86_400;
/** The scale has room for no more. */
const MAX_DECIMALS = 3;

interface Point {
  column: number;
  value: number;
}

/** A line that is drawn with the pointer: where it goes, the line follows. */
export function RateDrawing(props: {
  label: string;
  knots: Knots;
  days: number;
  todayS: number;
  /** The value at the upper edge; the lower one is zero. */
  top: number;
  step: number;
  onDraw(knots: Knots): void;
}) {
  const { knots, days, top, step, todayS } = props;
  const last = useRef<Point | undefined>(undefined);
  const dayOf = (column: number) => Math.round((column * (days - 1)) / (COLUMNS - 1));

  function draw(event: PointerEvent): void {
    const { left, width, top: upper, height } = (event.currentTarget as Element).getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    const column = Math.round(share * (COLUMNS - 1));
    const raw = top * Math.min(1, Math.max(0, 1 - (event.clientY - upper) / height));
    const value = rounded(Math.round(raw / step) * step);
    const from = last.current ?? { column, value };
    const columns = Array.from({ length: COLUMNS }, (_, at) => rounded(valueAt(knots, dayOf(at))));
    drawLine(columns, from, { column, value });
    last.current = { column, value };
    // The places of the columns make straight pieces of the columns straight over days too, within half a day.
    props.onDraw(knotsThrough(columns).map(([at, drawn]) => [dayOf(at), drawn] as const));
  }

  const shares = Array.from({ length: COLUMNS }, (_, at) => valueAt(knots, dayOf(at)) / top);
  return (
    <figure class="drawing">
      <div class="drawing-scale" aria-hidden="true">
        {GRID.toReversed().map((share) => (
          <span key={share}>{formatNumber(top * share, Math.min(MAX_DECIMALS, decimalsOfStep(top / 4)))}</span>
        ))}
      </div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${props.label}: draw with the pointer, or type the values below`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = undefined;
          draw(event);
        }}
        onPointerMove={(event) => event.buttons === 1 && draw(event)}
      >
        {GRID.map((share) => (
          <line key={share} x1="0" x2={WIDTH} y1={HEIGHT * share} y2={HEIGHT * share} class="drawing-grid" />
        ))}
        <path d={`M${shares.map(pointAt).join("L")}`} class="drawing-line" />
      </svg>
      <div class="drawing-dates" aria-hidden="true">
        {[0, 0.5, 1].map((share) => (
          <span key={share}>{formatDate(todayS + Math.round(share * (days - 1)) * DAY_S)}</span>
        ))}
      </div>
    </figure>
  );
}

/** Sets the columns between two points, and of both, on the straight line between them. */
function drawLine(columns: number[], from: Point, to: Point): void {
  const [low, high] = [Math.min(from.column, to.column), Math.max(from.column, to.column)];
  for (let at = low; at <= high; at++) {
    const along = to.column === from.column ? 1 : (at - from.column) / (to.column - from.column);
    columns[at] = rounded(from.value + (to.value - from.value) * along);
  }
}

/** Where a column's value is drawn, as a share of the upper edge's. */
function pointAt(share: number, column: number): string {
  return `${((column * WIDTH) / (COLUMNS - 1)).toFixed(1)} ${(HEIGHT * (1 - Math.min(1, share))).toFixed(1)}`;
}

/** Four digits are more than a hand can draw. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
