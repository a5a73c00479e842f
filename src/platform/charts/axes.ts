import { dateTicks } from "./dateTicks";
import type { Mark } from "./drawing";
import { textWidth } from "./fontMetrics";
import { TEXT_PX, words } from "./header";
import type { Ink } from "./look";
import { axisFormat, type Format } from "./numberFormat";
import type { Scale } from "./scale";

/** The field on which values are drawn, in pixels from the top left corner of the chart. */
export interface Field {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A mark of an axis: where it stands, what it says, and what stands in the row below that. */
export interface AxisMark {
  at: number;
  label: string;
  context: string;
}

/** Between the words of an axis and the field. */
export const LABEL_GAP = 8;
const ROW_PX = 16;
const TICK_PX = 4;
/** Words stay this far from the edge of the chart. */
const EDGE_PX = 6;
const ROOM_PER_ROW = 40;
const ROOM_PER_DATE = 76;
const ROOM_BETWEEN_LABELS = 20;

/** As many marks as an upright axis of that length has room for. */
export function upright(scale: Scale, lengthPx: number): AxisMark[] {
  return numberMarks(scale, Math.max(2, Math.floor(lengthPx / ROOM_PER_ROW)));
}

/** As many marks as a level axis of that length has room for, by the width of its longest label. */
export function level(scale: Scale, lengthPx: number): AxisMark[] {
  let marks = numberMarks(scale, 10);
  for (let most = 10; most > 2; most--) {
    marks = numberMarks(scale, most);
    if (marks.length * (widestOf(marks) + ROOM_BETWEEN_LABELS) <= lengthPx) break;
  }
  return marks;
}

/** As many dates as a level axis of that length has room for; the scale counts days from 1970-01-01. */
export function dates({ low, high }: Scale, lengthPx: number, apartDays: number): AxisMark[] {
  const most = Math.max(2, Math.floor(lengthPx / ROOM_PER_DATE));
  return dateTicks(low, high, most, apartDays).map(({ day, ...words }) => ({ at: day, ...words }));
}

export function widestOf(marks: readonly AxisMark[]): number {
  return Math.max(0, ...marks.map(({ label }) => textWidth(label, TEXT_PX)));
}

/** Grid lines with their labels to the left of the field. */
export function sideAxis(
  marks: readonly AxisMark[],
  scale: Scale,
  { left, right, top, bottom }: Field,
  ink: Ink,
): Mark[] {
  return marks.flatMap(({ at, label }): Mark[] => {
    const y = Math.round(bottom - scale.fraction(at) * (bottom - top));
    const d = `M${left} ${y + 0.5}H${right}`;
    return [{ kind: "line", d, stroke: ink.line, widthPx: 1 }, words(left - LABEL_GAP, y + 4, label, ink.quiet, "end")];
  });
}

/** The lower edge of the field with its marks; labels at the ends are kept within `widthPx`. */
export function bottomAxis(
  marks: readonly AxisMark[],
  scale: Scale,
  { left, right, bottom }: Field,
  { ink, widthPx }: { ink: Ink; widthPx: number },
): Mark[] {
  const edge = Math.round(bottom) + 0.5;
  const drawn: Mark[] = [{ kind: "line", d: `M${left} ${edge}H${right}`, stroke: ink.edge, widthPx: 1 }];
  for (const { at, label, context } of marks) {
    const x = left + scale.fraction(at) * (right - left);
    const within = (text: string) => {
      const half = textWidth(text, TEXT_PX) / 2 + EDGE_PX;
      return Math.min(Math.max(x, half), widthPx - half);
    };
    drawn.push({ kind: "line", d: `M${Math.round(x) + 0.5} ${edge}v${TICK_PX}`, stroke: ink.edge, widthPx: 1 });
    drawn.push(words(within(label), bottom + TICK_PX + ROW_PX, label, ink.quiet, "middle"));
    if (context !== "") drawn.push(words(within(context), bottom + TICK_PX + 2 * ROW_PX, context, ink.quiet, "middle"));
  }
  return drawn;
}

/** How far the labels of a bottom axis reach below the field. */
export function bottomAxisHeight(marks: readonly AxisMark[]): number {
  const rows = marks.some(({ context }) => context !== "") ? 2 : 1;
  return TICK_PX + rows * ROW_PX + 4;
}

function numberMarks(scale: Scale, most: number): AxisMark[] {
  const { values, step } = scale.ticks(most);
  const format = step > 0 ? axisFormat(Math.max(Math.abs(scale.low), Math.abs(scale.high)), step) : ownFormat;
  return values.map((at) => ({ at, label: format(at), context: "" }));
}

/** On a logarithmic axis each mark has the prefix and the decimals of its own. */
const ownFormat: Format = (value) => axisFormat(Math.abs(value), Math.abs(value))(value);
