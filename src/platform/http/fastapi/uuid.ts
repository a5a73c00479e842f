import { type Reader, type Reading, refused } from "./readers";

const GROUPS = [8, 4, 4, 4, 12];
const SIMPLE_LENGTH = 32;

/** A UUID in any of its written forms, given in lower case with hyphens. */
export function uuid(): Reader<string> {
  function read(input: unknown): Reading<string> {
    if (typeof input !== "string") {
      return refused(input, "uuid_type", "UUID input should be a string, bytes or UUID object");
    }
    const written = bare(input.toLowerCase());
    const error = faultIn(written);
    if (error !== undefined) {
      return refused(input, "uuid_parsing", `Input should be a valid UUID, ${error}`, { error });
    }
    return { value: written.replaceAll("-", "").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") };
  }
  return { read, about: { type: "string", format: "uuid" } };
}

/** Without the prefix or the braces around it. */
function bare(input: string): string {
  if (input.startsWith("urn:uuid:")) return input.slice("urn:uuid:".length);
  return input.startsWith("{") && input.endsWith("}") ? input.slice(1, -1) : input;
}

/** In the words of the contract, which counts characters from 1. */
function faultIn(written: string): string | undefined {
  const strange = written.search(/[^0-9a-f-]/);
  if (strange >= 0) {
    const expected = "an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-]";
    const found = String.fromCodePoint(written.codePointAt(strange)!);
    return `invalid character: expected ${expected}, found \`${found}\` at ${strange + 1}`;
  }
  const groups = written.split("-");
  if (groups.length === 1) {
    if (written.length === SIMPLE_LENGTH) return undefined;
    return `invalid length: expected length ${SIMPLE_LENGTH} for simple format, found ${written.length}`;
  }
  if (groups.length !== GROUPS.length) return `invalid group count: expected ${GROUPS.length}, found ${groups.length}`;
  const wrong = groups.findIndex((group, i) => group.length !== GROUPS[i]);
  if (wrong < 0) return undefined;
  return `invalid group length in group ${wrong}: expected ${GROUPS[wrong]}, found ${groups[wrong]!.length}`;
}
