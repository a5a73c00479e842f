const QUOTE = '"';

/**
 * The cells of a CSV text (RFC 4180; rows end with LF or CRLF), trimmed where they are not quoted. Rows keep the number of
 * cells that they have, so that a row of another length can be told: libraries at hand join what is too much to the last cell.
 */
export function csvCells(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = text[at] === QUOTE ? quotedCell(text, at, delimiter) : plainCell(text, at, delimiter);
    row.push(cell.value);
    at = cell.end;
    if (text.startsWith(delimiter, at)) {
      at += delimiter.length;
      if (at === text.length) row.push("");
      continue;
    }
    rows.push(row);
    row = [];
    at += text[at] === "\r" ? 2 : 1;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

interface Cell {
  value: string;
  /** Where the delimiter or the end of the row stands. */
  end: number;
}

function plainCell(text: string, from: number, delimiter: string): Cell {
  let end = from;
  while (end < text.length && text[end] !== "\n" && !text.startsWith(delimiter, end)) end++;
  const value = text.slice(from, end);
  return { value: value.trim(), end: value.endsWith("\r") && text[end] === "\n" ? end - 1 : end };
}

/** A quote that is doubled is one of the text; what follows the closing one belongs to the cell. */
function quotedCell(text: string, from: number, delimiter: string): Cell {
  let close = text.indexOf(QUOTE, from + 1);
  while (close >= 0 && text[close + 1] === QUOTE) close = text.indexOf(QUOTE, close + 2);
  if (close < 0) return { value: text.slice(from + 1), end: text.length };
  const rest = plainCell(text, close + 1, delimiter);
  return { value: text.slice(from + 1, close).replaceAll('""', QUOTE) + rest.value, end: rest.end };
}
