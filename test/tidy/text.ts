import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eachSource, type Rule } from "./rule";
import { root, type Source } from "./tree";

const MAX_LINES = 300;
const SAYS_WHY = /\blong because\b/i;
const HEAD_CHARACTERS = 800;

const lengthOf = (text: string) => text.split("\n").length - 1;
const lines = (count: number) => "\n".repeat(count);

/** What its author says in a file, apart from what the program says: comments, and all of a file without a parser. */
function commentsOf({ text, parsed }: Source): string {
  return parsed === undefined ? text : parsed.comments.map(({ value }) => value).join("\n");
}

/** What a file says. */
export const textRules: readonly Rule[] = [
  {
    name: `A file has at most ${MAX_LINES} lines, or says at its head that it is "long because" of what.`,
    offences: eachSource(({ path, text }) =>
      lengthOf(text) > MAX_LINES && !path.endsWith(".md") && !SAYS_WHY.test(text.slice(0, HEAD_CHARACTERS))
        ? [`${lengthOf(text)} lines`]
        : [],
    ),
    refused: [
      { "src/platform/a.ts": lines(MAX_LINES + 1) },
      { "static/broker/a.css": lines(MAX_LINES + 1) },
      { "kernels/a.wgsl": lines(MAX_LINES + 1) },
      { "src/platform/a.ts": `${lines(HEAD_CHARACTERS)}// Long because nobody looks here.\n` },
    ],
    allowed: [
      { "static/broker/a.css": lines(MAX_LINES) },
      { "src/platform/a.ts": `// Long because it is a table.\n${lines(MAX_LINES)}` },
    ],
  },
  {
    name: `What says that it is "long because" of something is long.`,
    offences: eachSource((source) =>
      lengthOf(source.text) <= MAX_LINES && /^\W*long because\b/im.test(commentsOf(source).slice(0, HEAD_CHARACTERS))
        ? [`${lengthOf(source.text)} lines`]
        : [],
    ),
    refused: [{ "src/platform/a.ts": "// Long because it was a table once.\n" }],
    allowed: [{ "src/platform/a.ts": `// Long because it is a table.\n${lines(MAX_LINES)}` }],
  },
  {
    name: "No file is a drawer for leftovers.",
    offences: eachSource(({ path }) =>
      /(^|\/)(utils?|helpers?|misc)(\/|\.[a-z]+$)|(^|\/)common\.[a-z]+$/i.test(path)
        ? ["says nothing of what it holds"]
        : [],
    ),
    refused: [
      { "src/platform/utils.ts": "export const a = 1;\n" },
      { "static/common/misc.css": "a {}\n" },
      { "test/helpers/a.ts": "export const a = 1;\n" },
    ],
  },
  {
    name: "Nothing is left unfinished or silenced: no TODO, no FIXME, no @ts-ignore, and nothing ignored without its reason.",
    offences: eachSource((source) => {
      if (source.path.endsWith(".md")) return [];
      const said = commentsOf(source);
      return [
        ...(said.match(/\bTODO\b|\bFIXME\b|@ts-(ignore|nocheck)|@ts-expect-error[ \t]*$/gm) ?? []),
        ...(said.match(/biome-ignore(-\w+)? [^:\n]+:?[ \t]*$/gm) ?? []),
      ];
    }),
    refused: [
      { "src/platform/a.ts": "// TODO later\n" },
      { "static/broker/a.tsx": "/* FIXME */\n" },
      { "static/broker/a.css": "/* TODO */\n" },
      { "test/a.test.ts": "// @ts-ignore\nexport const a: string = 1;\n" },
      { "test/a.test.ts": "// @ts-nocheck\n" },
      { "test/a.test.ts": "// @ts-expect-error\nexport const a: string = 1;\n" },
      { "src/platform/a.ts": "// biome-ignore lint/suspicious/noConsole\nconsole.log(1);\n" },
      { "src/platform/a.ts": "// biome-ignore lint/suspicious/noConsole:\nconsole.log(1);\n" },
    ],
    allowed: [
      { "test/a.test.ts": 'export const a = "TODO";\n' },
      { "test/a.test.ts": "// @ts-expect-error: numbers are refused\nexport const a: string = 1;\n" },
      { "src/platform/a.ts": "// biome-ignore lint/suspicious/noConsole: nobody listens yet\nconsole.log(1);\n" },
    ],
  },
  {
    name: "The product speaks of itself alone: not of the place where it is made.",
    offences: eachSource(({ path, text }) =>
      path.startsWith("test/tidy/") ? [] : (text.match(/\.\.\/shared\b|\/work\/|hazards\.md/g) ?? []),
    ),
    refused: [
      { "src/platform/a.ts": 'export const a = "../shared/spec";\n' },
      { "test/a.test.ts": 'export const a = "../../shared/golden";\n' },
      { "static/broker/a.css": "/* see hazards.md */\n" },
    ],
  },
  {
    name: "Every document and section that a comment cites is there.",
    offences: eachSource((source) =>
      [...commentsOf(source).matchAll(/\b(docs\/[\w-]+\.md)(?:,\s+(?:\*\s+|\/\/\s+)?"([^"]+)")?/g)].flatMap(
        ([, file, section]) => (isThere(file!, section) ? [] : [`${file}, "${section ?? ""}"`]),
      ),
    ),
    refused: [
      { "src/platform/a.ts": "// docs/nowhere.md\n" },
      { "src/platform/a.ts": '/** docs/broker.md, "No such section". */\n' },
    ],
    allowed: [{ "src/platform/a.ts": '/** docs/broker.md, "Map". */\n' }],
  },
  {
    name: "Only the database room opens transactions.",
    offences: eachSource(({ path, text }) =>
      path.startsWith("src/") && !path.startsWith("src/platform/database/")
        ? (text.match(/\.transaction\(/g) ?? [])
        : [],
    ),
    refused: [{ "src/systems/market/store/a.ts": "export const a = (db: any) => db.transaction(() => 1);\n" }],
  },
];

function isThere(file: string, section: string | undefined): boolean {
  const document = join(root, file);
  if (!existsSync(document)) return false;
  const headings = readFileSync(document, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("#"));
  return section === undefined || headings.some((heading) => heading.includes(section.replace(/\s+\*?\s*/g, " ")));
}
