import { RequestError } from "../../../../platform/errors";
import { dateStyles } from "./dateStyles";
import { sheetRows } from "./sheetRows";
import { RELATIONS, sharedTexts, WORKBOOK, workbookOf } from "./workbook";
import { zipMembers } from "./zipMembers";

export interface XlsxTable {
  columns: string[];
  rows: string[][];
  sheet: string;
}

interface Wanted {
  /** The first one that is shown, where absent. */
  sheet: string | undefined;
  maxRows: number;
  maxColumns: number;
}

const TEXTS = "xl/sharedStrings.xml";
const STYLES = "xl/styles.xml";

/** Whether bytes begin as a zip file does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** Whether bytes begin as the containers do in which `.xls` and workbooks with a password stand. */
export function isOldOffice(bytes: Uint8Array): boolean {
  return bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0;
}

/**
 * A sheet of a workbook (ECMA-376) as a table. Its header is the first row with more than one cell, so that a title above it
 * does no harm. Macros and links are never looked at.
 * @throws RequestError 413 over a limit, 422 for what is no workbook or a sheet that is not there
 */
export function xlsxTable(bytes: Uint8Array, { sheet: wanted, maxRows, maxColumns }: Wanted): XlsxTable {
  const parts = zipMembers(bytes, (name) => [WORKBOOK, RELATIONS, TEXTS, STYLES].includes(name));
  const { sheets, calendar } = workbookOf(parts);
  const sheet = wanted === undefined ? sheets[0]! : sheets.find(({ name }) => name === wanted);
  if (sheet === undefined) {
    const names = sheets.map(({ name }) => name).join(", ");
    throw new RequestError(422, `There is no sheet ${JSON.stringify(wanted)}. There are: ${names}.`);
  }
  const texts = sharedTexts(parts.get(TEXTS) ?? "");
  const dates = dateStyles(parts.get(STYLES) ?? "");
  const xml = zipMembers(bytes, (name) => name === sheet.member).get(sheet.member) ?? "";
  const all = sheetRows(xml, { texts, dates, calendar, maxRows, maxColumns });
  const header = Math.max(
    0,
    all.findIndex((row) => row.filter((cell) => cell !== "").length > 1),
  );
  const width = all.slice(header).reduce((most, row) => Math.max(most, row.length), 0);
  const [columns = [], ...rows] = all.slice(header).map((row) => [...row, ...Array(width - row.length).fill("")]);
  for (let column = 0; column < width; column++) withoutMidnights(rows, column);
  return { columns, rows, sheet: sheet.name };
}

const WITH_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** Leaves the time of day out where a column has none but midnight. */
function withoutMidnights(rows: readonly string[][], column: number): void {
  const dated = rows.filter((row) => WITH_TIME.test(row[column]!));
  if (!dated.every((row) => row[column]!.endsWith(" 00:00:00"))) return;
  for (const row of dated) row[column] = row[column]!.slice(0, 10);
}
