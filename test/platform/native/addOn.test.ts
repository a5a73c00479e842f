import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmod, mkdtemp, readdir, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolders, type PackedAddOn } from "../../../src/platform/native/addOn";
import { lacks } from "../../support/lacks";

setDefaultTimeout(30_000);

const repository = join(import.meta.dir, "../../..");
const onnxFolder = join(repository, "node_modules/onnxruntime-node/bin/napi-v6/linux/x64");

let base: string;
let addOn: PackedAddOn;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "foresight-addon-"));
  const names = ["onnxruntime_binding.node", "libonnxruntime.so.1"];
  const files = await Promise.all(
    names.map(async (name) => {
      const bytes = await Bun.file(join(onnxFolder, name)).bytes();
      const path = join(base, `${name}.zst`);
      await Bun.write(path, Bun.zstdCompressSync(bytes, { level: 1 }));
      return { name, path, sizeBytes: bytes.byteLength };
    }),
  );
  addOn = { name: "onnxruntime", contentHash: "0123456789abcdef", files };
});

afterAll(() => rm(base, { recursive: true, force: true }));

async function load(described: PackedAddOn, ...folders: string[]) {
  const script = join(import.meta.dir, "loadAddOn.fixture.ts");
  const child = Bun.spawn([process.execPath, script, JSON.stringify(described), ...folders], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [exported, error] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exported, error, exitCode: await child.exited };
}

function emptyFolder(): Promise<string> {
  return mkdtemp(join(base, "cache-"));
}

const loaded = expect.objectContaining({ exitCode: 0, exported: expect.stringContaining("InferenceSession") });

/** The other platforms run from source, where the library finds its add-on itself. */
const hasAddOns = `${process.platform}-${process.arch}` === "linux-x64";

describe.skipIf(lacks("Linux on x64, which the add-ons are for", hasAddOns))("a native add-on", () => {
  test("is unpacked once and found again by the next process", async () => {
    const cache = await emptyFolder();
    expect(await load(addOn, cache)).toEqual(loaded);
    const library = join(cache, "onnxruntime-0123456789abcdef", "libonnxruntime.so.1");
    const before = await stat(library);
    expect(await load(addOn, cache)).toEqual(loaded);
    expect((await stat(library)).ino).toBe(before.ino);
    expect(await readdir(cache)).toEqual(["onnxruntime-0123456789abcdef"]);
  });

  test("loads in every one of several processes that find the folder empty at once", async () => {
    const cache = await emptyFolder();
    const results = await Promise.all([load(addOn, cache), load(addOn, cache), load(addOn, cache)]);
    for (const result of results) expect(result).toEqual(loaded);
    expect(await readdir(cache)).toEqual(["onnxruntime-0123456789abcdef"]);
  });

  test("is written anew where a file has been cut short", async () => {
    const cache = await emptyFolder();
    await load(addOn, cache);
    const library = join(cache, "onnxruntime-0123456789abcdef", "libonnxruntime.so.1");
    await truncate(library, 1000);
    expect(await load(addOn, cache)).toEqual(loaded);
    expect((await stat(library)).size).toBe(addOn.files[1]!.sizeBytes);
  });

  test("is never run from a folder that others can write to", async () => {
    const shared = await emptyFolder();
    await chmod(shared, 0o777);
    const own = await emptyFolder();
    expect(await load(addOn, shared, own)).toEqual(loaded);
    expect(await readdir(shared)).toEqual([]);
  });

  test("says which folders were tried and why each was refused", async () => {
    const shared = await emptyFolder();
    await chmod(shared, 0o777);
    const file = join(base, "a-file");
    await Bun.write(file, "");
    const result = await load(addOn, shared, join(file, "below"));
    expect(result.exitCode).toBe(3);
    expect(result.error).toContain(`${shared}: expected a folder that only this user can write to`);
    expect(result.error).toContain(`${join(file, "below")}: ENOTDIR`);
    expect(result.error).toContain("XDG_CACHE_HOME");
  });

  test("that the system refuses to load says what the system said", async () => {
    const path = join(base, "not-a-library.zst");
    await Bun.write(path, Bun.zstdCompressSync(Buffer.from("text")));
    const broken = { name: "broken", contentHash: "0", files: [{ name: "x.node", path, sizeBytes: 4 }] };
    const result = await load(broken, await emptyFolder());
    expect(result.exitCode).toBe(3);
    expect(result.error).toMatch(/The broken library does not load: .*(file too short|invalid ELF header)/);
  });

  test("whose packed bytes do not give the stated size is not loaded", async () => {
    const cache = await emptyFolder();
    const [entry, library] = addOn.files;
    const wrong = { ...addOn, files: [entry!, { ...library!, sizeBytes: 12 }] };
    const result = await load(wrong, cache);
    expect(result.error).toContain("libonnxruntime.so.1: expected 12 bytes, got");
    expect(await readdir(cache)).toEqual([]);
  });
});

describe("the folders tried", () => {
  test("begin with the user's cache and end with a folder of the user's own in the temporary folder", () => {
    expect(cacheFolders({ XDG_CACHE_HOME: "/c", HOME: "/h" })[0]).toBe("/c/foresight");
    expect(cacheFolders({ HOME: "/h" })[0]).toBe("/h/.cache/foresight");
    expect(cacheFolders({ HOME: "/h" })[1]).toBe(join(tmpdir(), `foresight-${process.getuid!()}`));
  });
});
