import { attributeOf, xmlTags } from "./xmlTags";

const DAY_MS = 86_400_000;
/** Days from the beginning of a workbook's calendar to 1970-01-01. */
const EPOCH_1900 = 25_569;
const EPOCH_1904 = 24_107;

/** Built-in formats that show a day (ECMA-376-1, 18.8.30; 27 to 36 and 50 to 58 are those of East Asia). */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

/** Whether a format code such as `dd/mm/yyyy` shows a day or a year; texts and colours in it do not count. */
function isDateCode(code: string): boolean {
  return /[yd]/i.test(code.replaceAll(/"[^"]*"|\\.|_.|\[[^\]]*\]/g, ""));
}

/** For each style of cells, by its number, whether it shows numbers as dates. */
export function dateStyles(xml: string): boolean[] {
  const codes = new Map<number, string>();
  const styles: boolean[] = [];
  let isWithin = false;
  for (const tag of xmlTags(xml)) {
    if (tag.name === "cellXfs") isWithin = tag.kind === "start";
    if (tag.kind === "end") continue;
    const id = Number(attributeOf(tag, "numFmtId"));
    if (tag.name === "numFmt") codes.set(id, attributeOf(tag, "formatCode") ?? "");
    if (tag.name !== "xf" || !isWithin) continue;
    const code = codes.get(id);
    styles.push(code === undefined ? isBuiltInDate(id) : isDateCode(code));
  }
  return styles;
}

/** A day number as `YYYY-MM-DD HH:MM:SS`; undefined for one that no calendar has. */
export function serialDateText(serial: number, calendar: "1900" | "1904"): string | undefined {
  const days = serial - (calendar === "1904" ? EPOCH_1904 : EPOCH_1900);
  const date = new Date(Math.round((days * DAY_MS) / 1000) * 1000);
  const isWritten = Number.isFinite(date.getTime()) && date.getUTCFullYear() >= 1000 && date.getUTCFullYear() <= 9999;
  return isWritten ? date.toISOString().slice(0, 19).replace("T", " ") : undefined;
}
