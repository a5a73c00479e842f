import { writeAscii, writeShortest } from "../../../../numeric/decimalBytes";
import { ENTRY_BYTES, emptySheet, reserve, type Sheet, writeText, writtenBytes } from "../../answers/sheet";
import { BAND_SHARES, type Bands } from "../run/figures";
import type { BatchContents } from "./contents";

const COMMA = 44;
/** Digits that a value which was held in 32 bits can have. */
const BAND_DIGITS = 9;

/** What an answer tells of a series on a day: its quantiles, as `p5`, and its mean. */
export const BAND_NAMES = [...BAND_SHARES.map((share) => `p${Math.round(100 * share)}`), "mean"];

/** The values of one of `BAND_NAMES` by sampled day. */
export function bandColumn(bands: Bands, days: number, output: number, place: number): (day: number) => number {
  const width = BAND_SHARES.length;
  if (place === width) return (day) => bands.means[output * days + day]!;
  return (day) => bands.values[(output * days + day) * width + place]!;
}

/** The answer as JSON; what is no number is null. */
export function writeJson(contents: BatchContents): Uint8Array<ArrayBuffer> {
  const sheet = emptySheet();
  writeText(sheet, `{${JSON.stringify(contents.about).slice(1, -1)}`);
  if (contents.figures.bands !== undefined) writeBands(sheet, contents);
  if (contents.pointDays.length > 0) writePoints(sheet, contents);
  if (contents.keptRuns.length > 0) writeSeries(sheet, contents);
  writeText(sheet, "}");
  return writtenBytes(sheet);
}

function writeBands(sheet: Sheet, { figures, outputs, sampledDays }: BatchContents): void {
  const bands = figures.bands!;
  const { method, errors } = bands;
  const bounds = Object.fromEntries(outputs.map((name, o) => [name, Number.isFinite(errors[o]!) ? errors[o] : null]));
  const error = method === "exact" ? "" : `"error":${JSON.stringify(bounds)},`;
  writeText(sheet, `,"bands":{"method":"${method}",${error}"series":`);
  writeMembers(sheet, outputs, (o) =>
    writeMembers(sheet, BAND_NAMES, (place) => {
      const valueAt = bandColumn(bands, sampledDays.length, o, place);
      writeList(sheet, sampledDays.length, (d) => rounded(valueAt(d)));
    }),
  );
  writeText(sheet, "}");
}

function writePoints(sheet: Sheet, { figures, outputs, pointDays, inputs }: BatchContents): void {
  const { points } = figures;
  const runs = points.length / (outputs.length * pointDays.length);
  writeText(sheet, `,"points":{"days":[${pointDays}]`);
  if (inputs !== undefined) {
    writeText(sheet, `,"inputs":`);
    const width = inputs.names.length;
    writeMembers(sheet, inputs.names, (i) => writeList(sheet, runs, (run) => inputs.points[run * width + i]!));
  }
  writeText(sheet, `,"series":`);
  writeMembers(sheet, outputs, (o) => {
    writeText(sheet, "[");
    for (let d = 0; d < pointDays.length; d++) {
      if (d > 0) writeText(sheet, ",");
      const from = (o * pointDays.length + d) * runs;
      writeList(sheet, runs, (run) => points[from + run]!);
    }
    writeText(sheet, "]");
  });
  writeText(sheet, "}");
}

function writeSeries(sheet: Sheet, { figures, outputs, sampledDays, keptRuns }: BatchContents): void {
  writeText(sheet, `,"series":[`);
  for (const [place, named] of keptRuns.entries()) {
    writeText(sheet, `${place > 0 ? "," : ""}{${JSON.stringify(named).slice(1, -1)},"series":`);
    writeMembers(sheet, outputs, (o) => {
      const from = (place * outputs.length + o) * sampledDays.length;
      writeList(sheet, sampledDays.length, (d) => figures.kept[from + d]!);
    });
    writeText(sheet, "}");
  }
  writeText(sheet, "]");
}

function writeMembers(sheet: Sheet, names: readonly string[], writeValue: (i: number) => void): void {
  writeText(sheet, "{");
  for (const [i, name] of names.entries()) {
    writeText(sheet, `${i > 0 ? "," : ""}"${name}":`);
    writeValue(i);
  }
  writeText(sheet, "}");
}

function writeList(sheet: Sheet, count: number, valueAt: (i: number) => number): void {
  writeText(sheet, "[");
  reserve(sheet, count * ENTRY_BYTES);
  const { bytes } = sheet;
  let end = sheet.end;
  for (let i = 0; i < count; i++) {
    if (i > 0) bytes[end++] = COMMA;
    const value = valueAt(i);
    end = Number.isFinite(value) ? writeShortest(bytes, end, value) : writeAscii(bytes, end, "null");
  }
  sheet.end = end;
  writeText(sheet, "]");
}

/** Without the digits that 32 bits do not hold. */
export function rounded(value: number): number {
  return Number(value.toPrecision(BAND_DIGITS));
}
