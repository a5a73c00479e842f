import type { Rule } from "./rule";
import type { Source, Tree } from "./tree";

/** What takes seconds on a busy machine: processes, browsers, builds. */
const SLOW = /\bBun\.(spawn|spawnSync|build)\b|\bchromium\.launch\b/;
const SETS_TIME = /^setDefaultTimeout\(/m;
const FIRST_CASE = /^(?:export )?(?:describe|test|beforeAll|beforeEach|for)\b/m;

/** Whether the file, or a file of the tests that it imports, starts something slow. */
function isSlow(source: Source, tree: Tree, seen = new Set<string>()): boolean {
  if (seen.has(source.path)) return false;
  seen.add(source.path);
  if (SLOW.test(source.text)) return true;
  return source.imports.some(({ target, isType }) => {
    const imported = tree.get(`${target}.ts`);
    return !isType && target.startsWith("test/") && imported !== undefined && isSlow(imported, tree, seen);
  });
}

/** Where in the text it stands; behind all of it where it does not. */
function placeOf(pattern: RegExp, text: string): number {
  const place = text.search(pattern);
  return place < 0 ? text.length : place;
}

const isTest = ({ path }: Source) => path.startsWith("test/") && path.endsWith(".test.ts");

/** What `bun test` alone needs to say the same as `npm test`. */
export const testingRules: readonly Rule[] = [
  {
    name: "A test file that starts a process, a browser or a build sets its time limit at its head.",
    offences: (tree) =>
      [...tree.values()]
        .filter((source) => isTest(source) && isSlow(source, tree))
        .filter(({ text }) => placeOf(SETS_TIME, text) >= placeOf(FIRST_CASE, text))
        .map(({ path }) => ({ path, what: "needs setDefaultTimeout(...) before its first test" })),
    refused: [
      { "test/a.test.ts": 'test("a", () => Bun.spawn(["b"]).exited);\n' },
      { "test/a.test.ts": 'test("a", () => Bun.spawn(["b"]).exited);\nsetDefaultTimeout(30_000);\n' },
      {
        "test/a.test.ts": 'import { b } from "./support/b";\ntest("a", b);\n',
        "test/support/b.ts": 'import { serve } from "./program";\nexport const b = () => serve();\n',
      },
    ],
    allowed: [
      { "test/a.test.ts": 'setDefaultTimeout(30_000);\ntest("a", () => Bun.spawn(["b"]).exited);\n' },
      { "test/a.test.ts": 'import type { Served } from "./support/program";\ntest("a", () => ({}) as Served);\n' },
    ],
  },
  {
    name: "A test is skipped for what `lacks` names and prints, and for nothing else.",
    offences: (tree) =>
      [...tree.values()].filter(isTest).flatMap(({ path, text }) => {
        const bare = text.match(/\.(?:skip|todo|if|todoIf)\(|\.skipIf\((?!lacks\(|.*\blacks[A-Z])[^\n]*/g) ?? [];
        return bare.map((what) => ({ path, what }));
      }),
    refused: [
      { "test/a.test.ts": 'test.skip("a", () => undefined);\n' },
      { "test/a.test.ts": 'test.skipIf(process.platform === "win32")("a", () => undefined);\n' },
      { "test/a.test.ts": 'describe.if(false)("a", () => undefined);\n' },
    ],
    allowed: [{ "test/a.test.ts": 'test.skipIf(lacks("a moon", false))("a", () => undefined);\n' }],
  },
];
