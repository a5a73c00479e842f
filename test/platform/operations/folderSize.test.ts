import { expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderSize } from "../../../src/platform/operations/folderSize";

test("a folder has the bytes of all files below it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "foresight-"));
  await mkdir(join(folder, "a/b"), { recursive: true });
  await Bun.write(join(folder, "one"), "12345");
  await Bun.write(join(folder, "a/b/two"), "1234567");
  expect(await folderSize(folder)).toEqual({ bytes: 12, isPartial: false });
  expect(await folderSize(join(folder, "one"))).toBeUndefined();
  expect(await folderSize(join(folder, "absent"))).toBeUndefined();
  await rm(folder, { recursive: true });
});
