import { RequestError } from "../errors";

const MAX_KEY_CHARACTERS = 512;
const SEGMENT = /^[A-Za-z0-9._=@+ -]{1,200}$/;

/**
 * The key itself, when it names a place inside the store whatever the store is: segments of plain characters, none of
 * them `.` or `..` (docs/jobs.md, "Blobs").
 * @throws RequestError 400 that says what a key is.
 */
export function checkedKey(key: string): string {
  const segments = key.split("/");
  const isPlain = segments.every((segment) => SEGMENT.test(segment) && !/^\.+$/.test(segment));
  if (isPlain && key.length <= MAX_KEY_CHARACTERS) return key;
  throw new RequestError(
    400,
    `A blob's key is segments of letters, digits and . _ = @ + - joined by /, ${MAX_KEY_CHARACTERS} characters at most.`,
  );
}
