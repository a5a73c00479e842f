import { bottomAxis, bottomAxisHeight, type Field, LABEL_GAP, level, sideAxis, upright, widestOf } from "./axes";
import { type Drawing, type Mark, svgOf } from "./drawing";
import { fitted, textWidth } from "./fontMetrics";
import { headerOf, MARGIN, spoken, TEXT_PX, words } from "./header";
import { INKS, type Ink, type Scheme } from "./look";
import { extentOf, linearScale, type Scale } from "./scale";
import { seriesLook } from "./seriesLook";
import { heightWithin, widthWithin } from "./size";

export interface HistogramSpec {
  /** What is counted; the unit is added. */
  title: string;
  /** Of the values, along the level axis. */
  unit: string;
  widthPx?: number;
  heightPx?: number;
  /** Where bins begin and end, rising: one more than there are counts. */
  edges: ArrayLike<number>;
  /** How many values each bin holds. What is not finite is not drawn. */
  counts: ArrayLike<number>;
  /** What the counts are of, such as `runs`. */
  counted: string;
  /** A value that is pointed out, such as the mean. */
  mark?: { at: number; label: string };
  scheme?: Scheme;
}

const DEFAULT_WIDTH_PX = 640;
const DEFAULT_HEIGHT_PX = 320;
/** Above the field, for the words at the mark. */
const MARK_ROW = 18;
/** Neighbours are set apart by a line of the ground where they are wide enough for it. */
const APART_FROM_PX = 4;
const NO_EXTENT = { low: 0, high: 1 };

/** How often values fall into each bin, as an SVG document of 640 by 320 pixels by default. */
export function histogram(spec: HistogramSpec): string {
  return svgOf(drawHistogram(spec));
}

/** The same chart as a drawing. */
export function drawHistogram(spec: HistogramSpec): Drawing {
  const ink = INKS[spec.scheme ?? "light"];
  const widthPx = widthWithin(spec.widthPx, DEFAULT_WIDTH_PX);
  const heightPx = heightWithin(spec.heightPx, DEFAULT_HEIGHT_PX);
  const unit = [spec.unit, `${spec.counted} per bin`].filter((part) => part !== "").join(", ");
  const header = headerOf({ title: spec.title, unit, widthPx, ink, legend: [], mostRows: 0 });
  const plot = plotOf(spec, header.bottomPx, { widthPx, heightPx, ink });
  const marks = [
    ...header.marks,
    ...sideAxis(plot.yMarks, plot.y, plot, ink),
    ...binMarks(spec, plot),
    ...bottomAxis(level(plot.x, plot.right - plot.left), plot.x, plot, plot),
    ...pointedOut(spec, plot),
  ];
  return { widthPx, heightPx, label: spoken(spec.title, unit), ink, marks };
}

interface Plot extends Field {
  x: Scale;
  y: Scale;
  yMarks: ReturnType<typeof upright>;
  widthPx: number;
  ink: Ink;
  xAt(value: number): number;
}

function plotOf(
  spec: HistogramSpec,
  headerPx: number,
  { widthPx, heightPx, ink }: Omit<Drawing, "label" | "marks">,
): Plot {
  const top = headerPx + MARK_ROW;
  const bottom = Math.max(top + 24, heightPx - bottomAxisHeight([]) - 8);
  const x = linearScale(extentOf([spec.edges]) ?? NO_EXTENT);
  const high = extentOf([spec.counts])?.high ?? 1;
  const y = linearScale({ low: 0, high: Math.min(Number.MAX_VALUE, Math.max(1, high * 1.04)) });
  const yMarks = upright(y, bottom - top);
  const left = Math.round(MARGIN + widestOf(yMarks) + LABEL_GAP);
  const right = widthPx - MARGIN - 4;
  const xAt = (value: number) => left + x.fraction(value) * (right - left);
  return { left, right, top, bottom, x, y, yMarks, widthPx, ink, xAt };
}

function binMarks({ edges, counts, counted }: HistogramSpec, { top, bottom, left, right, y, xAt, ink }: Plot): Mark[] {
  const bins = Array.from({ length: Math.min(counts.length, edges.length - 1) }, (_, i) => i);
  const drawn = bins.filter((i) => [counts[i], edges[i], edges[i + 1]].every(Number.isFinite) && counts[i]! > 0);
  if (drawn.length === 0)
    return [words((left + right) / 2, (top + bottom) / 2, "No values to show", ink.quiet, "middle")];
  const fill = seriesLook(0, ink.text).colour;
  return drawn.map((i): Mark => {
    const [from, to] = [xAt(edges[i]!), xAt(edges[i + 1]!)];
    const gap = to - from >= APART_FROM_PX ? 1 : 0;
    const height = y.fraction(counts[i]!) * (bottom - top);
    return {
      kind: "box",
      x: from,
      y: bottom - height,
      width: Math.max(0.5, to - from - gap),
      height,
      fill,
      name: counted,
    };
  });
}

function pointedOut({ mark }: HistogramSpec, { left, right, top, bottom, xAt, ink }: Plot): Mark[] {
  if (mark === undefined || !Number.isFinite(mark.at)) return [];
  const x = Math.round(xAt(mark.at));
  if (x < left || x > right) return [];
  const isRight = right - x >= Math.min(textWidth(mark.label, TEXT_PX) + 6, x - left);
  const text = fitted(mark.label, TEXT_PX, (isRight ? right - x : x - left) - 6);
  return [
    {
      kind: "line",
      d: `M${x + 0.5} ${top - MARK_ROW + 4}V${bottom}`,
      stroke: ink.text,
      widthPx: 1,
      dash: [3, 3],
      name: "mark",
    },
    words(isRight ? x + 6 : x - 6, top - 6, text, ink.text, isRight ? "start" : "end"),
  ];
}
