/**
 * How wide words are in IBM Plex Sans Regular, the font that the executable carries, so that legends and margins fit
 * without a renderer. The widths are those of the font's `hmtx` table, in thousandths of the font size.
 */

const FIRST = 0x20;
const ASCII_WIDTHS = [
  236, 284, 419, 713, 598, 927, 694, 242, 335, 335, 450, 600, 272, 399, 272, 383, 600, 600, 600, 600, 600, 600, 600,
  600, 600, 600, 292, 292, 600, 600, 600, 477, 891, 641, 653, 621, 671, 583, 559, 695, 707, 400, 510, 634, 501, 812,
  707, 708, 606, 708, 640, 581, 572, 678, 609, 891, 613, 593, 580, 317, 383, 317, 600, 565, 600, 534, 580, 503, 580,
  549, 324, 528, 568, 250, 250, 527, 272, 873, 568, 560, 580, 580, 367, 487, 351, 568, 492, 768, 507, 499, 464, 343,
  314, 343, 600,
];
const OTHER_WIDTHS: Readonly<Record<string, number>> = {
  "\u00a0": 236,
  "\u2006": 167,
  "\u202f": 118,
  "−": 600,
  "–": 588,
  "…": 803,
};
const UNKNOWN_WIDTH = 700;
/** From here on signs are as wide as they are high, or belong to another font. */
const WIDE_FROM = 0x1100;
const WIDE_WIDTH = 1000;

/** Width in pixels of one line of text. Exact (but for kerning) for ASCII, an upper estimate for most other text. */
export function textWidth(text: string, sizePx: number): number {
  let thousandths = 0;
  for (const sign of text) thousandths += signWidth(sign);
  return (thousandths * sizePx) / 1000;
}

/** The text, or as much of it as fits into that width with an ellipsis behind. */
export function fitted(text: string, sizePx: number, widthPx: number): string {
  if (textWidth(text, sizePx) <= widthPx) return text;
  let room = widthPx - textWidth("…", sizePx);
  let kept = "";
  for (const sign of text) {
    room -= textWidth(sign, sizePx);
    if (room < 0) break;
    kept += sign;
  }
  return `${kept.trimEnd()}…`;
}

function signWidth(sign: string): number {
  const code = sign.codePointAt(0)!;
  const known = ASCII_WIDTHS[code - FIRST] ?? OTHER_WIDTHS[sign];
  if (known !== undefined) return known;
  const isPunctuation = code >= 0x2000 && code < 0x2e80;
  return code >= WIDE_FROM && !isPunctuation ? WIDE_WIDTH : UNKNOWN_WIDTH;
}
