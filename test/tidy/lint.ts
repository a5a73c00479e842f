import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Example } from "./rule";
import { root } from "./tree";

/** A rule that the linter holds, by the settings in biome.json. */
export interface LintRule {
  /** The sentence that stands in docs/architecture.md, "Rules". */
  name: string;
  /** What the linter calls it. */
  category: string;
  /** Changes that break it: the linter must find the first file of each. */
  refused: readonly Example[];
  /** Changes that come near it, in which the linter finds nothing. */
  allowed: readonly Example[];
}

const imports = (type: "" | "type ", target: string) =>
  `import ${type}{ B } from "${target}";\nexport ${type === "" ? "const a = B" : "type A = B"};\n`;
const circle = (folder: string, type: "" | "type "): Example => ({
  [`${folder}/a.ts`]: imports(type, "./b"),
  [`${folder}/b.ts`]:
    type === ""
      ? 'import { a } from "./a";\nexport const B = a;\n'
      : 'import type { A } from "./a";\nexport type B = A;\n',
});
const branches = (count: number) =>
  `export function f(n: number) {\n${Array.from({ length: count }, (_, i) => `  if (n === ${i}) return ${i};\n`).join("")}  return n;\n}\n`;

/** What biome holds. */
export const lintRules: readonly LintRule[] = [
  {
    name: "No file imports another in a circle, not even by type but in `src/mqtt/state/`.",
    category: "lint/suspicious/noImportCycles",
    refused: [
      circle("src/platform", ""),
      circle("src/platform", "type "),
      circle("src/systems/market", "type "),
      circle("src/mqtt/broker", "type "),
      circle("src/mqtt/state", ""),
      circle("static/broker", ""),
      circle("test/support", "type "),
    ],
    allowed: [circle("src/mqtt/state", "type ")],
  },
  {
    name: "Nothing is of type any.",
    category: "lint/suspicious/noExplicitAny",
    refused: [{ "src/platform/a.ts": "export const a = (b: any) => b;\n" }],
    allowed: [{ "src/platform/a.ts": "export const a = (b: unknown) => b;\n" }],
  },
  {
    name: "There is no enum.",
    category: "lint/style/noEnum",
    refused: [{ "src/platform/a.ts": "export enum A {\n  b,\n}\n" }],
    allowed: [{ "src/platform/a.ts": "export const A = { b: 0 } as const;\n" }],
  },
  {
    name: "The program writes to its log, not to the console.",
    category: "lint/suspicious/noConsole",
    refused: [{ "src/platform/a.ts": "console.log(1);\n" }],
    allowed: [{ "build.ts": "console.log(1);\n" }],
  },
  {
    name: "A function has a cognitive complexity of at most 20.",
    category: "lint/complexity/noExcessiveCognitiveComplexity",
    refused: [{ "src/platform/a.ts": branches(21) }],
    allowed: [{ "src/platform/a.ts": branches(20) }],
  },
];

interface Report {
  diagnostics: { category: string; location: { path: string } }[];
}

/** What the linter finds in a folder that holds the files of an example alone, with this project's settings. */
export function lintFindings(example: Example): { category: string; path: string }[] {
  const copy = mkdtempSync(join(tmpdir(), "foresight-lint-"));
  try {
    const settings = JSON.parse(readFileSync(join(root, "biome.json"), "utf8")) as Record<string, unknown>;
    // The folder is no repository.
    delete settings["vcs"];
    writeFileSync(join(copy, "biome.json"), JSON.stringify(settings));
    for (const [path, text] of Object.entries(example)) {
      mkdirSync(join(copy, dirname(path)), { recursive: true });
      writeFileSync(join(copy, path), text);
    }
    const biome = join(root, "node_modules/.bin/biome");
    const { stdout } = Bun.spawnSync([process.execPath, biome, "lint", "--reporter=json", "."], { cwd: copy });
    const { diagnostics } = JSON.parse(stdout.toString()) as Report;
    return diagnostics.map(({ category, location }) => ({ category, path: location.path }));
  } finally {
    rmSync(copy, { recursive: true });
  }
}
