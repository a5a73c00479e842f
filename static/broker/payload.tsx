/** Bytes as text where they are some, else as hexadecimal numbers. Whatever it is, it goes into the page as text. */
export interface ShownPayload {
  form: "text" | "hex";
  text: string;
}

/** How somebody wants to see payloads. */
export const FORMS = ["text where it is some", "hex"] as const;
export type Form = (typeof FORMS)[number];

const MAX_SHOWN_BYTES = 64 * 1024;
const BYTES_PER_LINE = 16;
const CELL_BYTES = 256;
const CELL_CHARACTERS = 96;

const strict = new TextDecoder("utf-8", { fatal: true });

/** The first bytes of the payload in the form that was asked for. */
export function shownPayload(payload: Uint8Array, form: Form, most = MAX_SHOWN_BYTES): ShownPayload {
  const part = payload.subarray(0, most);
  const text = form === "hex" ? undefined : textOf(part, part.length < payload.length);
  return text === undefined ? { form: "hex", text: hexOf(part) } : { form: "text", text };
}

/** The same with JSON laid out in lines, and hex with its offsets and the letters beside it. */
export function laidOutPayload(payload: Uint8Array, form: Form): ShownPayload {
  const shown = shownPayload(payload, form);
  if (shown.form === "hex") return { form: "hex", text: hexDump(payload.subarray(0, MAX_SHOWN_BYTES)) };
  return { form: "text", text: indented(shown.text) };
}

/** Text without control characters; undefined for anything else. What was cut may end within a character. */
function textOf(bytes: Uint8Array, isCut: boolean): string | undefined {
  for (const without of isCut ? [0, 1, 2, 3] : [0]) {
    try {
      const text = strict.decode(bytes.subarray(0, bytes.length - without));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what makes bytes no text
      return /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text) ? undefined : text;
    } catch {
      // Not UTF-8, or cut within a character: the next try is without its beginning.
    }
  }
  return undefined;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_PER_LINE) {
    const line = bytes.subarray(at, at + BYTES_PER_LINE);
    const letters = Array.from(line, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join(
      "",
    );
    lines.push(`${at.toString(16).padStart(6, "0")}  ${hexOf(line).padEnd(BYTES_PER_LINE * 3 - 1)}  ${letters}`);
  }
  return lines.join("\n");
}

/** JSON objects and arrays in lines; all else as it is, and whatever has numbers that JavaScript would round. */
function indented(text: string): string {
  if (!/^\s*[[{]/.test(text) || /\d{16}/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Bytes of base64. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** A payload in one line of a table, cut where it is long. */
export function PayloadCell({ payload, form }: { payload: Uint8Array; form: Form }) {
  if (payload.length === 0) return <span class="quiet-text">empty</span>;
  const line = shownPayload(payload, form, CELL_BYTES).text.replace(/\s+/g, " ");
  const isCut = payload.length > CELL_BYTES || line.length > CELL_CHARACTERS;
  return <code>{isCut ? `${line.slice(0, CELL_CHARACTERS)}…` : line}</code>;
}
