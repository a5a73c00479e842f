import type { Anchor, Mark } from "./drawing";
import { fitted, textWidth } from "./fontMetrics";
import type { Ink } from "./look";

/** What stands above every chart: what is shown, in which unit, and which sign means what. */

export const MARGIN = 16;
export const TEXT_PX = 12;
const TITLE_PX = 16;
const TITLE_BASE = 30;
const LEGEND_TOP = 42;
const LEGEND_ROW = 20;
/** From the top of a row to the line its words stand on. */
const LEGEND_BASE = 14;
const SIGN_WIDTH = 22;
const SIGN_GAP = 6;
const ENTRY_GAP = 18;
/** No entry takes more than this share of a row. */
const ENTRY_SHARE = 0.48;

/** What a legend says of one sign: `sign` draws it from x on, {@link SIGN_WIDTH} wide, about the height y. */
export interface LegendEntry {
  name: string;
  sign(x: number, y: number): Mark;
}

export interface Header {
  marks: Mark[];
  bottomPx: number;
}

export interface HeaderSpec {
  title: string;
  unit: string;
  widthPx: number;
  ink: Ink;
  legend: readonly LegendEntry[];
  /** What finds no place in so many rows is counted at the end. */
  mostRows: number;
}

export function headerOf({ title, unit, widthPx, ink, legend, mostRows }: HeaderSpec): Header {
  const room = widthPx - 2 * MARGIN;
  const unitText = fitted(unit, TEXT_PX, room / 2);
  const unitRoom = unitText === "" ? 0 : textWidth(unitText, TEXT_PX) + 8;
  const titleText = fitted(title, TITLE_PX, room - unitRoom);
  const marks: Mark[] = [
    { kind: "words", x: MARGIN, y: TITLE_BASE, text: titleText, sizePx: TITLE_PX, fill: ink.text, anchor: "start" },
  ];
  const unitX = MARGIN + textWidth(titleText, TITLE_PX) + 8;
  if (unitText !== "") marks.push(words(unitX, TITLE_BASE, unitText, ink.quiet));
  if (legend.length === 0 || mostRows < 1) return { marks, bottomPx: LEGEND_TOP };
  const rows = legendMarks(legend, { room, mostRows, ink }, marks);
  return { marks, bottomPx: LEGEND_TOP + rows * LEGEND_ROW + 4 };
}

/** The title and the unit, for readers that speak. */
export function spoken(title: string, unit: string): string {
  return [title, unit].filter((part) => part !== "").join(", ");
}

/** One line of text, in the size of all that is not the title. */
export function words(x: number, y: number, text: string, fill: string, anchor: Anchor = "start"): Mark {
  return { kind: "words", x, y, text, sizePx: TEXT_PX, fill, anchor };
}

interface Rows {
  room: number;
  mostRows: number;
  ink: Ink;
}

/** Adds the entries to `marks`, row by row. @returns how many rows they took. */
function legendMarks(legend: readonly LegendEntry[], { room, mostRows, ink }: Rows, marks: Mark[]): number {
  let [x, row] = [0, 0];
  for (const [i, entry] of legend.entries()) {
    const name = fitted(entry.name, TEXT_PX, room * ENTRY_SHARE - SIGN_WIDTH - SIGN_GAP);
    const width = SIGN_WIDTH + SIGN_GAP + textWidth(name, TEXT_PX);
    const rest = `and ${legend.length - i} more`;
    const isLast = i === legend.length - 1;
    const needed = row === mostRows - 1 && !isLast ? width + ENTRY_GAP + textWidth(rest, TEXT_PX) : width;
    if (x > 0 && x + needed > room) {
      if (row === mostRows - 1) {
        marks.push(words(MARGIN + x, LEGEND_TOP + row * LEGEND_ROW + LEGEND_BASE, rest, ink.quiet));
        break;
      }
      x = 0;
      row++;
    }
    const base = LEGEND_TOP + row * LEGEND_ROW + LEGEND_BASE;
    marks.push(entry.sign(MARGIN + x, base - 4));
    marks.push(words(MARGIN + x + SIGN_WIDTH + SIGN_GAP, base, name, ink.quiet));
    x += width + ENTRY_GAP;
  }
  return row + 1;
}

/** A sign for a filled range. */
export function swatch(fill: string, opacity: number): LegendEntry["sign"] {
  return (x, y) => ({ kind: "box", x, y: y - 5, width: SIGN_WIDTH, height: 10, fill, opacity });
}

/** A sign for a line. */
export function stroke(colour: string, dash: readonly number[], widthPx: number): LegendEntry["sign"] {
  return (x, y) => ({ kind: "line", d: `M${x} ${y}h${SIGN_WIDTH}`, stroke: colour, widthPx, dash });
}
