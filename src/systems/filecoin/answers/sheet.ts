import { MAX_NUMBER_BYTES, writeAscii, writeHundredths, writeShortest } from "../../../numeric/decimalBytes";
import type { AnswerShape } from "./shape";

/** Bytes that are being written; `end` is how many there are. */
export interface Sheet {
  bytes: Uint8Array;
  end: number;
}

export type WriteNumber = (bytes: Uint8Array, at: number, value: number) => number;

const FIRST_BYTES = 2 ** 20;
// One answer is written from begin to end before the next begins, so that a thread needs one sheet and keeps it.
const sheet: Sheet = { bytes: new Uint8Array(FIRST_BYTES), end: 0 };

/** The thread's sheet, emptied. */
export function emptySheet(): Sheet {
  sheet.end = 0;
  return sheet;
}

/** A copy of what was written, in a buffer of its own that can be handed to another thread. */
export function writtenBytes({ bytes, end }: Sheet): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.subarray(0, end));
}

/** Makes room for so many bytes more. */
export function reserve(target: Sheet, more: number): void {
  if (target.end + more <= target.bytes.length) return;
  const larger = new Uint8Array(Math.max(target.end + more, 2 * target.bytes.length));
  larger.set(target.bytes.subarray(0, target.end));
  target.bytes = larger;
}

/** Writes a text of ASCII characters. */
export function writeText(target: Sheet, text: string): void {
  reserve(target, text.length);
  target.end = writeAscii(target.bytes, target.end, text);
}

/** Bytes that one number and its separator take at most. */
export const ENTRY_BYTES = MAX_NUMBER_BYTES + 1;

/** How finite numbers are written. */
export const NUMBER_WRITERS: Record<AnswerShape["precision"], WriteNumber> = {
  rounded: writeHundredths,
  full: writeShortest,
};
