import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "../../../platform/errors";

const MAX_FILE_BYTES = 64 * 1024;
const authFile = z.object({ auth_key: z.string() });
/** What an HTTP header may hold: visible ASCII and blanks between. */
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

export interface TokenSources {
  /** The authorization itself, or the path of a file that holds it. */
  token: string | undefined;
  /** A file that counts only where no token is given and the file exists. */
  authFile: string;
}

/**
 * The text of the `authorization` header, exactly as it was given; undefined where there is none. Where it comes from:
 * docs/filecoin.md, "The token".
 * @throws UsageError that tells the place and never the content.
 */
export function spacescopeToken({ token, authFile }: TokenSources): string | undefined {
  if (token === undefined) return isFile(authFile) ? tokenInFile(authFile) : undefined;
  return isFile(token) ? tokenInFile(token) : checked(token, "SPACESCOPE_TOKEN");
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    // A token may be no possible path: too long, or with a part of it that is a file and not a folder.
    return false;
  }
}

function tokenInFile(path: string): string {
  if (statSync(path).size > MAX_FILE_BYTES) throw new UsageError(`${path}: more than ${MAX_FILE_BYTES} bytes.`);
  const file = authFile.safeParse(parsed(path));
  if (!file.success) throw new UsageError(`${path}: expected {"auth_key": "Bearer ..."}.`);
  return checked(file.data.auth_key, `auth_key in ${path}`);
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    // The parser's own message would show a piece of the secret.
    const what =
      error instanceof SyntaxError ? "not valid JSON" : `not readable (${(error as { code?: string }).code})`;
    throw new UsageError(`${path}: ${what}; expected {"auth_key": "Bearer ..."}.`);
  }
}

function checked(token: string, place: string): string {
  if (HEADER_VALUE.test(token)) return token;
  throw new UsageError(`${place}: expected visible ASCII characters without line breaks or outer blanks.`);
}
