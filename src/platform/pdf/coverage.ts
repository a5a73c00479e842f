import { loadFonts } from "./fonts";

/**
 * Which letters the fonts of documents have, read from their `cmap` tables (OpenType 1.9, "cmap - Character to Glyph
 * Index Mapping Table"). Of its formats those two are read that fonts of our time have: 4 and 12.
 */

const TAG_CMAP = 0x636d6170;
const TABLE_RECORDS_AT = 12;
const TABLE_RECORD_BYTES = 16;

/** From and to which code points a font has glyphs, both included. */
type Range = readonly [first: number, last: number];

let covered: Promise<Set<number>> | undefined;

/** The letters of these texts that no font has, each once, in the order of their code points. */
export async function lettersWithoutFont(texts: Iterable<string>): Promise<string[]> {
  covered ??= coveredByFonts();
  const known = await covered;
  const missing = new Set<number>();
  for (const text of texts) {
    for (const letter of text) {
      const code = letter.codePointAt(0)!;
      if (!known.has(code) && !isInvisible(letter)) missing.add(code);
    }
  }
  return [...missing].sort((a, b) => a - b).map((code) => String.fromCodePoint(code));
}

/** What is never drawn needs no glyph: joiners, variation selectors, soft hyphens, ends of lines. */
function isInvisible(letter: string): boolean {
  return /[\p{Default_Ignorable_Code_Point}\p{Cc}]/u.test(letter);
}

async function coveredByFonts(): Promise<Set<number>> {
  const codes = new Set<number>();
  for (const font of await loadFonts()) {
    for (const [first, last] of rangesOf(font)) for (let code = first; code <= last; code++) codes.add(code);
  }
  return codes;
}

function rangesOf(font: Uint8Array): Range[] {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const cmapAt = tableAt(view, TAG_CMAP);
  const subtables = Array.from({ length: view.getUint16(cmapAt + 2) }, (_, i) => {
    const at = cmapAt + view.getUint32(cmapAt + 4 + 8 * i + 4);
    return { at, format: view.getUint16(at) };
  });
  return subtables.flatMap(({ at, format }) => {
    if (format === 12) return segmentedCoverage(view, at);
    return format === 4 ? segmentMapping(view, at) : [];
  });
}

function tableAt(view: DataView, tag: number): number {
  for (let i = 0; i < view.getUint16(4); i++) {
    const record = TABLE_RECORDS_AT + i * TABLE_RECORD_BYTES;
    if (view.getUint32(record) === tag) return view.getUint32(record + 8);
  }
  throw new Error(`a font has no table ${tag.toString(16)}`);
}

/** Format 12: groups of start, end, and first glyph. */
function segmentedCoverage(view: DataView, at: number): Range[] {
  return Array.from({ length: view.getUint32(at + 12) }, (_, i) => {
    const group = at + 16 + 12 * i;
    return [view.getUint32(group), view.getUint32(group + 4)];
  });
}

/** Format 4: the ends of all segments, a padding, then their starts; the last segment is a mark of the end. */
function segmentMapping(view: DataView, at: number): Range[] {
  const doubledCount = view.getUint16(at + 6);
  return Array.from({ length: doubledCount / 2 - 1 }, (_, i) => {
    const end = at + 14 + 2 * i;
    return [view.getUint16(end + doubledCount + 2), view.getUint16(end)];
  });
}
