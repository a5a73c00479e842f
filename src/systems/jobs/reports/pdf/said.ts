/** Text as the template sets it: as it is, or with what must be known of its direction and of where it may break. */
export type Said = string | { isRightToLeft: boolean; parts: readonly (string | Run)[] };

/** A long run without a space, in pieces between which a line may end. */
interface Run {
  isRightToLeft: boolean;
  pieces: readonly string[];
}

/** A run of letters longer than this without a space may have no room in a narrow column. */
const MAX_WHOLE = 18;
const LONG_RUN = new RegExp(`[^\\s]{${MAX_WHOLE + 1},}`, "gu");
/** Letters between two places at which a long run may break. */
const PIECE_LETTERS = 3;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
const FIRST_LETTER = /\p{L}/u;
/** Tells no signs apart that belong together, such as a letter and its accent. */
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The text for the template; its direction is that of its first letter, as in HTML's `dir="auto"`. */
export function said(text: string): Said {
  const isRightToLeft = beginsRightToLeft(text);
  if (!isRightToLeft && text.length <= MAX_WHOLE) return text;
  const parts: (string | Run)[] = [];
  let end = 0;
  for (const { 0: run, index } of text.matchAll(LONG_RUN)) {
    if (index > end) parts.push(text.slice(end, index));
    parts.push({ isRightToLeft: beginsRightToLeft(run), pieces: piecesOf(run) });
    end = index + run.length;
  }
  if (parts.length === 0 && !isRightToLeft) return text;
  if (end < text.length) parts.push(text.slice(end));
  return { isRightToLeft, parts };
}

function beginsRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(FIRST_LETTER.exec(text)?.[0] ?? "");
}

function piecesOf(run: string): string[] {
  const letters = Array.from(graphemes.segment(run), ({ segment }) => segment);
  const count = Math.ceil(letters.length / PIECE_LETTERS);
  return Array.from({ length: count }, (_, i) => letters.slice(i * PIECE_LETTERS, (i + 1) * PIECE_LETTERS).join(""));
}
