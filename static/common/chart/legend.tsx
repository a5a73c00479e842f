import { useEffect, useRef } from "preact/hooks";
import { type SeriesLook, seriesLook } from "../../../src/platform/charts/seriesLook";
import { decimalsFor, formatNumber, type ScaledUnit } from "../format";
import { nearestIndex, type SharedAxis } from "./axis";
import { drawInSight } from "./frame";
import { LinePiece } from "./line-key";
import type { ChartProps } from "./model";

const SIGNIFICANT_DIGITS = 5;

export interface LegendProps {
  chart: ChartProps;
  axis: SharedAxis;
  unit: ScaledUnit;
  textColour: string;
  hidden: ReadonlySet<number>;
  onHide(hidden: ReadonlySet<number>): void;
}

/**
 * The names of the series with their values where the pointer is, in whichever chart of the page it is; without a
 * pointer, where they end. The values are written straight into the page: sixty times a second is too often for more.
 */
export function Legend(props: LegendProps) {
  const { chart, axis, unit, hidden } = props;
  const root = useRef<HTMLDivElement>(null);
  const shown = useRef({ chart, unit });
  shown.current = { chart, unit };
  useEffect(() => {
    const write = () => writeReading(root.current!, shown.current.chart, shown.current.unit, axis, axis.cursor.get());
    const writing = drawInSight(root.current!, write);
    write();
    const endCursor = axis.cursor.subscribe(writing.ask);
    return () => {
      endCursor();
      writing.end();
    };
  }, [axis, chart, unit, hidden]);
  return (
    <div class="legend" ref={root}>
      <output class="reading-at" />
      {chart.series.map(({ label, look }, place) => (
        <LegendKey
          key={label}
          {...props}
          place={place}
          label={label}
          look={seriesLook(look ?? place, props.textColour)}
        />
      ))}
      {(chart.bands ?? []).map(({ label, of, reach }) => (
        <span key={`${of} ${label}`} class="legend-band">
          <span
            class={`swatch ${reach}`}
            style={{ background: seriesLook(chart.series[of]?.look ?? of, props.textColour).colour }}
          />
          {label}
        </span>
      ))}
    </div>
  );
}

interface LegendKeyProps extends LegendProps {
  place: number;
  label: string;
  look: SeriesLook;
}

function LegendKey({ chart, place, label, look, hidden, onHide }: LegendKeyProps) {
  const shown = !hidden.has(place);
  function click(event: MouseEvent): void {
    onHide(event.altKey ? aloneOrAll(hidden, place, chart.series.length) : toggled(hidden, place));
  }
  return (
    <button
      type="button"
      class="legend-key"
      aria-pressed={shown}
      title="Click: on or off. Alt click: alone"
      onClick={click}
    >
      <LinePiece {...look} />
      {label}
      <span class="reading" data-place={place} />
    </button>
  );
}

/** The others off; when they are off already, all on again. */
function aloneOrAll(hidden: ReadonlySet<number>, place: number, count: number): ReadonlySet<number> {
  if (!hidden.has(place) && hidden.size === count - 1) return new Set();
  return new Set(Array.from({ length: count }, (_, other) => other).filter((other) => other !== place));
}

function toggled(hidden: ReadonlySet<number>, place: number): ReadonlySet<number> {
  const next = new Set(hidden);
  if (!next.delete(place)) next.add(place);
  return next;
}

function writeReading(
  root: HTMLElement,
  chart: ChartProps,
  unit: ScaledUnit,
  axis: SharedAxis,
  at: number | null,
): void {
  const { x, series } = chart;
  const row = at === null ? lastKnown(series, x.length) : nearestIndex(x, at);
  const within = row >= 0 && (at === null || (at >= x[0]! && at <= x[x.length - 1]!));
  root.querySelector(".reading-at")!.textContent = within ? axis.format(x[row]!) : "–";
  for (const element of root.querySelectorAll<HTMLElement>(".reading")) {
    const value = series[Number(element.dataset["place"])]?.values[row];
    element.textContent = within ? readingOf(value, unit) : "–";
  }
}

/** The last row in which any of the series has a value; the last of all where none has. */
function lastKnown(series: ChartProps["series"], count: number): number {
  let row = count - 1;
  while (row >= 0 && !series.some(({ values }) => Number.isFinite(values[row]))) row--;
  return row >= 0 ? row : count - 1;
}

/** A value in the unit of the chart, without the unit: that stands in the title. */
export function readingOf(value: number | undefined, unit: ScaledUnit): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  const shown = value / unit.factor;
  return `${formatNumber(shown, decimalsFor(shown, SIGNIFICANT_DIGITS))} ${unit.unit}`;
}
