import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readTar, type TarFile, writeTar } from "../../../src/platform/database/tar";
import { seededRandom } from "../../../src/platform/random";
import { seeds } from "../../support/seeds";
import { outcomes, scratchFolder } from "./support";

setDefaultTimeout(30_000);

function tarFile(path: string, bytes: Uint8Array, more: Partial<TarFile> = {}): TarFile {
  return {
    path,
    sizeBytes: bytes.length,
    mode: 0o640,
    modifiedAtMs: 1_700_000_000_000,
    content: chunks(bytes, 7),
    ...more,
  };
}

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function* listed<T>(items: T[]): AsyncGenerator<T> {
  yield* items;
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

async function written(...files: TarFile[]): Promise<Uint8Array> {
  return collect(writeTar(listed(files)));
}

interface Read {
  path: string;
  mode: number;
  modifiedAtMs: number;
  text: string;
}

async function read(bytes: Uint8Array, chunkBytes = 1000): Promise<Read[]> {
  const files: Read[] = [];
  for await (const { path, mode, modifiedAtMs, content } of readTar(chunks(bytes, chunkBytes))) {
    files.push({ path, mode, modifiedAtMs, text: Buffer.from(await collect(content)).toString("latin1") });
  }
  return files;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const LONG_PATH = `${"folder/".repeat(40)}naïve \u{1F600}.txt`;

describe("tar", () => {
  test("gives back what was put in, whatever the sizes, paths and chunks", async () => {
    const files = ["", "x", "x".repeat(511), "x".repeat(512), "x".repeat(513), "x".repeat(5000)];
    const paths = ["a", "b/c.txt", LONG_PATH, "d".repeat(100), "e".repeat(101), "ü".repeat(60)];
    const archive = await written(...files.map((text, i) => tarFile(paths[i]!, bytesOf(text))));
    const expected = files.map((text, i) => ({ path: paths[i]!, mode: 0o640, modifiedAtMs: 1_700_000_000_000, text }));
    expect(archive.length % 512).toBe(0);
    for (const chunkBytes of [1, 511, 512, 100_000]) expect(await read(archive, chunkBytes)).toEqual(expected);
  });

  test("is what the system's tar reads, and reads what that writes", async () => {
    using scratch = scratchFolder();
    const archive = join(scratch.path, "ours.tar");
    writeFileSync(archive, await written(tarFile(LONG_PATH, bytesOf("long")), tarFile("plain", bytesOf("plain"))));
    const list = Bun.spawnSync(["tar", "--quoting-style=literal", "-tf", archive], { env: { LC_ALL: "C.UTF-8" } });
    expect(list.stdout.toString().trim().split("\n")).toEqual([LONG_PATH, "plain"]);
    const theirs = join("n".repeat(60), "m".repeat(90));
    mkdirSync(join(scratch.path, "n".repeat(60)));
    writeFileSync(join(scratch.path, theirs), "theirs");
    for (const format of ["ustar", "posix"]) {
      const made = Bun.spawnSync(["tar", `--format=${format}`, "-cf", "-", theirs], { cwd: scratch.path });
      expect((await read(made.stdout)).map(({ path, text }) => [path, text])).toEqual([[theirs, "theirs"]]);
    }
  });

  test("says the size of what is larger than eight gigabytes, which ustar alone cannot", async () => {
    const sizeBytes = 9 * 1024 ** 3;
    const part = new Uint8Array(1024 * 1024);
    let left = 0;
    async function* long(): AsyncGenerator<Uint8Array> {
      for (left = sizeBytes; left > 0; left -= part.length) yield part;
    }
    const archive = writeTar(listed([{ ...tarFile("big", part), sizeBytes, content: long() }]));
    for await (const file of readTar(archive)) {
      expect([file.path, file.sizeBytes]).toEqual(["big", sizeBytes]);
      break;
    }
  });

  test("refuses a file that shrinks or grows while it is read", async () => {
    for (const sizeBytes of [3, 5]) {
      const [error] = await outcomes([written(tarFile("log", bytesOf("four"), { sizeBytes }))]);
      expect(String(error)).toBe("Error: log changed its size while it was read.");
    }
  });

  test("refuses links, folders, and what was cut off or altered", async () => {
    const whole = await written(tarFile("a", bytesOf("x".repeat(600))), tarFile("b", bytesOf("y")));
    for (let length = 0; length < 2560; length += 256) {
      const [error] = await outcomes([read(whole.slice(0, length))]);
      expect(String(error)).toBe("Error: The archive is cut off.");
    }
    for (const type of ["1", "2", "5"]) {
      using scratch = scratchFolder();
      Bun.spawnSync(
        [
          "sh",
          "-c",
          "mkdir 5; echo > t; ln -s t 2; ln t 1; tar -cf l.tar t; tar -cf 1.tar t 1; tar -cf 2.tar 2; tar -cf 5.tar 5",
        ],
        { cwd: scratch.path },
      );
      const archive = new Uint8Array(await Bun.file(join(scratch.path, `${type}.tar`)).arrayBuffer());
      expect(String((await outcomes([read(archive)]))[0])).toContain(`is not a regular file (type ${type})`);
    }
  });

  test.each(seeds(3, 100))(
    "answers any altered byte with an error or with other content, and never hangs (seed %d)",
    async (seed) => {
      const random = seededRandom(seed);
      const whole = await written(tarFile(LONG_PATH, bytesOf("x".repeat(600))), tarFile("b", bytesOf("y")));
      for (let round = 0; round < 100; round++) {
        const altered = whole.slice();
        altered[random.below(altered.length)] = random.below(256);
        const [outcome] = await outcomes([read(altered)]);
        expect(Array.isArray(outcome) || outcome instanceof Error).toBe(true);
      }
    },
  );
});
