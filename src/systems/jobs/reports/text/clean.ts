import { MAX_TEXT_LETTERS } from "../limits";

/**
 * Text of anybody's as it may stand in a document. Control characters and those that change the direction of writing
 * are left out, since they could make a page say what it does not; half a surrogate pair becomes U+FFFD.
 */

/** Line ends stay; all other control characters, and the marks of Unicode 16, annex 9, "Directional formatting". */
const UNWANTED =
  /(?![\n])[\p{Cc}\p{Bidi_Control}\u{fff9}-\u{fffb}\u{feff}\u{e0000}-\u{e007f}]|\p{Noncharacter_Code_Point}/gu;
const LINE_ENDS = /\r\n?|\u0085|\u2028|\u2029/g;

/** Paragraphs and lines as they came, parted by `\n`, composed as fonts have them (NFC). */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(LINE_ENDS, "\n").replaceAll("\t", " ").replace(UNWANTED, "").normalize("NFC");
}

/** The text on one line. */
export function cleanLine(text: string): string {
  return cleanText(text)
    .replace(/\s*\n\s*/g, " ")
    .trim();
}

/** The text on one line, or as much of it as `most` letters hold, with an ellipsis behind. */
export function shortLine(text: string, most: number): string {
  // What is far too long is cut before it is looked at letter by letter.
  const line = cleanLine(text.slice(0, 4 * most));
  const letters = [...line];
  return letters.length <= most && text.length <= 4 * most
    ? line
    : `${letters
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`;
}

/** The paragraphs of a text, each on one line; of a very long text the first ones, and that it goes on. */
export function paragraphsOf(text: string): string[] {
  const shown = cleanText(text.slice(0, MAX_TEXT_LETTERS))
    .split(/\n\s*\n/)
    .map((paragraph) => cleanLine(paragraph))
    .filter((paragraph) => paragraph !== "");
  if (text.length > MAX_TEXT_LETTERS) {
    shown.push(`(The text goes on: ${text.length} characters in all. The JSON report has the whole.)`);
  }
  return shown;
}
