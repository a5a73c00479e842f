/** The most levels of arrays and objects within each other that are read: parsers of other makers stop at a thousand. */
export const JSON_LEVELS = 100;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Where a JSON text opens an array or object deeper within others than `levels`; looked at before it is parsed. */
export function tooDeepAt(levels: number, json: string): number | undefined {
  let depth = 0;
  let isInText = false;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (isInText) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) isInText = false;
    } else if (code === QUOTE) {
      isInText = true;
    } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (++depth > levels) return i;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      depth--;
    }
  }
  return undefined;
}
