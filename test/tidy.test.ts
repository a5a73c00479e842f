import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dir, "..");
const MOST_LINES = 300;

interface Source {
  path: string;
  text: string;
  /** Paths of ours from the root, without an extension; packages by their name. */
  imports: string[];
}

function sourcesUnder(folder: string): Source[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /\.(ts|tsx)$/.test(name))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
}

function importsOf(path: string, text: string): string[] {
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g);
  return [...found].map(([, target]) => {
    if (!target!.startsWith(".")) return target!;
    return relative(root, join(root, dirname(path), target!)).replace(/\.(ts|tsx)$/, "");
  });
}

const sources = sourcesUnder("src");
const everything = [...sources, ...sourcesUnder("test"), ...sourcesUnder("static")];

/** The rooms in the order of the one direction, and what each may import of ours. */
const ROOMS: [room: RegExp, may: RegExp][] = [
  [/^src\/numeric\//, /^src\/numeric\//],
  [/^src\/mqtt\//, /^src\/(mqtt\/|platform\/(clock|random)$)/],
  [/^src\/config\//, /^src\/(config\/|platform\/errors$)/],
  [/^src\/gpu\//, /^(src\/(gpu|platform|numeric)\/|kernels\/)/],
  [/^src\/platform\//, /^(src\/(platform|config|numeric)\/|drizzle\/|package\.json$)/],
  [/^src\/systems\//, /^(src\/(systems|platform|numeric|gpu|config)\/|src\/mqtt$|kernels\/)/],
];

function offences(describeOffence: (source: Source) => string[]): string[] {
  return sources.flatMap((source) => describeOffence(source).map((what) => `${source.path}: ${what}`));
}

/** The folder of the system that a file belongs to. */
const systemOf = (path: string): string => path.split("/").slice(0, 3).join("/");

describe("the house", () => {
  test("imports go in one direction", () => {
    const found = offences(({ path, imports }) => {
      const may = ROOMS.find(([room]) => room.test(path))?.[1];
      if (may === undefined) return [];
      return imports.filter((target) => /^(src|kernels|drizzle|static|test)\//.test(target) && !may.test(target));
    });
    expect(found).toEqual([]);
  });

  test("a system never imports another", () => {
    const found = offences(({ path, imports }) => {
      const system = /^src\/systems\/([^/]+)\//.exec(path)?.[1];
      if (system === undefined) return [];
      return imports.filter((target) => /^src\/systems\//.test(target) && !target.startsWith(`src/systems/${system}/`));
    });
    expect(found).toEqual([]);
  });

  test("only app, parts, worker and child know the inside of systems by name", () => {
    const found = offences(({ path, imports }) =>
      /^src\/(app|parts|worker|child)\.ts$|^src\/(systems|commands)\//.test(path)
        ? []
        : imports.filter((target) => target.startsWith("src/systems/")),
    );
    expect(found).toEqual([]);
  });

  test("Elysia is known to routes and to the HTTP rooms alone", () => {
    const found = offences(({ path, imports }) =>
      /^src\/platform\/(http|operations)\/|^src\/platform\/system\.ts$|\/(routes|[a-zA-Z]+Routes)\.ts$/.test(path)
        ? []
        : imports.filter((target) => target === "elysia" || target.startsWith("@elysiajs/")),
    );
    expect(found).toEqual([]);
  });

  test("drizzle is known to stores, tables and the database room alone", () => {
    const found = offences(({ path, imports }) =>
      /^src\/platform\/database\/|[sS]tore\.ts$|\/store\/|[tT]ables\.ts$/.test(path)
        ? []
        : imports.filter((target) => target.startsWith("drizzle-orm")),
    );
    expect(found).toEqual([]);
  });

  test("schemas import nothing of ours", () => {
    const found = offences(({ path, imports }) =>
      /\/schema\.ts$/.test(path)
        ? imports.filter((target) => target.startsWith("src/systems/") && !target.startsWith(systemOf(path)))
        : [],
    );
    expect(found).toEqual([]);
  });

  test("only the database room opens transactions", () => {
    const found = offences(({ path, text }) =>
      path.startsWith("src/platform/database/") ? [] : (text.match(/\.transaction\(/g) ?? []),
    );
    expect(found).toEqual([]);
  });
});

describe("style", () => {
  test(`no file is longer than ${MOST_LINES} lines without saying why at its head`, () => {
    const found = everything
      .filter(({ text }) => text.split("\n").length > MOST_LINES + 1 && !/\blong because\b/i.test(text.slice(0, 800)))
      .map(({ path, text }) => `${path}: ${text.split("\n").length}`);
    expect(found).toEqual([]);
  });

  test("no file is a drawer for leftovers", () => {
    const found = everything.filter(({ path }) => /(^|\/)(utils?|helpers?|misc|common)\.tsx?$/.test(path));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  test("what is unfinished or silenced has its reason beside it", () => {
    const banned = /\bTODO\b|\bFIXME\b|@ts-(ignore|nocheck)/;
    const found = sources.filter(({ text }) => banned.test(text)).map(({ path }) => path);
    expect(found).toEqual([]);
    const bare = everything.flatMap(({ path, text }) =>
      [...text.matchAll(/biome-ignore [^:]+:?\s*$/gm)].map(([line]) => `${path}: ${line}`),
    );
    expect(bare).toEqual([]);
  });

  test("the product speaks of itself alone", () => {
    const workplace = new RegExp(["\\.\\./shared", "/work/", "hazards\\.md"].join("|"));
    const found = [...sources, ...sourcesUnder("static")].filter(({ text }) => workplace.test(text));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  test("every document and section that a comment cites is there", () => {
    const missing = everything.flatMap(({ path, text }) =>
      [...text.matchAll(/\b(docs\/[\w-]+\.md)(?:,\s+(?:\*\s+|\/\/\s+)?"([^"]+)")?/g)].flatMap(([, file, section]) => {
        const document = join(root, file!);
        if (!existsSync(document)) return [`${path}: ${file}`];
        const headings = readFileSync(document, "utf8")
          .split("\n")
          .filter((line) => line.startsWith("#"));
        const found =
          section === undefined || headings.some((heading) => heading.includes(section.replace(/\s+\*?\s*/g, " ")));
        return found ? [] : [`${path}: ${file}, "${section}"`];
      }),
    );
    expect(missing).toEqual([]);
  });
});
