import { describe, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../../src/platform/errors";
import { spacescopeToken } from "../../../../src/systems/filecoin/ingest/token";

const folder = mkdtempSync(join(tmpdir(), "foresight-token-"));
const absent = join(folder, "absent");

function fileOf(content: string): string {
  const path = join(folder, crypto.randomUUID());
  writeFileSync(path, content);
  return path;
}

describe("the token of Spacescope", () => {
  const file = fileOf('{"auth_key": "Bearer from-file"}');

  test.each([
    ["is what the setting says, as it stands", { token: "Bearer given", authFile: absent }, "Bearer given"],
    ["is not completed by anything", { token: "bare", authFile: absent }, "bare"],
    ["is read from the file that the setting names", { token: file, authFile: absent }, "Bearer from-file"],
    ["is read from the file of tokens where none is set", { token: undefined, authFile: file }, "Bearer from-file"],
    ["is the setting's also where there is a file", { token: "Bearer given", authFile: file }, "Bearer given"],
    ["is none where neither is there", { token: undefined, authFile: absent }, undefined],
    [
      "may be longer than any path",
      { token: `Bearer ${"x".repeat(5000)}`, authFile: absent },
      `Bearer ${"x".repeat(5000)}`,
    ],
    ["is none in a folder", { token: undefined, authFile: folder }, undefined],
  ])("%s", (_, sources, token) => {
    expect(spacescopeToken(sources)).toBe(token as string);
  });

  test.each([
    ["no JSON", "Bearer s3cret", "not valid JSON"],
    ["JSON without auth_key", '{"key": "Bearer s3cret"}', 'expected {"auth_key": "Bearer ..."}'],
    ["an auth_key that is no text", '{"auth_key": ["s3cret"]}', 'expected {"auth_key": "Bearer ..."}'],
    ["an auth_key that no header can hold", '{"auth_key": "Bearer s3cret\\r\\nx-other: 1"}', "without line breaks"],
    ["an empty auth_key", '{"auth_key": ""}', "without line breaks"],
    ["more than a token needs", `{"auth_key": "s3cret${" ".repeat(70_000)}"}`, "more than 65536 bytes"],
  ])("in a file with %s is refused without showing it", (_, content, sentence) => {
    const authFile = fileOf(content);
    const read = () => spacescopeToken({ token: undefined, authFile });
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
    expect(read).toThrow(authFile);
    expect(read).not.toThrow("s3cret");
  });

  test("with a line break in it is refused without showing it", () => {
    const read = () => spacescopeToken({ token: "Bearer s3cret\nx", authFile: absent });
    expect(read).toThrow("SPACESCOPE_TOKEN: expected visible ASCII characters");
    expect(read).not.toThrow("s3cret");
  });
});
