import { Visitor } from "oxc-parser";
import type { Rule } from "./rule";
import type { Source, Tree } from "./tree";

const PAGE = "docs/market.md";

interface Span {
  start: number;
  end: number;
}

/** The numbers in the table of "Corrected defects". */
function defectsIn(page: string): number[] {
  const section = /^## Corrected defects\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(page)?.[1] ?? "";
  return [...section.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, numbers]) => numbers!.split(",").map(Number));
}

/** Defects that a file has tests of which run and expect something; one that is skipped has another callee. */
function defectsTestedIn({ parsed, path }: Source): number[] {
  if (parsed === undefined || !path.endsWith(".test.ts")) return [];
  const named: (Span & { defect: number })[] = [];
  const expectations: Span[] = [];
  new Visitor({
    CallExpression: ({ callee, arguments: [title], start, end }) => {
      if (callee.type !== "Identifier") return;
      if (callee.name === "expect") expectations.push({ start, end });
      if (!["test", "describe"].includes(callee.name) || title?.type !== "Literal") return;
      const defect = /^defect (\d+):/.exec(String(title.value))?.[1];
      if (defect !== undefined) named.push({ defect: Number(defect), start, end });
    },
  }).visit(parsed.program);
  const expects = ({ start, end }: Span) => expectations.some((at) => at.start > start && at.end < end);
  return named.filter(expects).map(({ defect }) => defect);
}

/** What the market does better than its original stays so. */
export const defectRules: readonly Rule[] = [
  {
    name: "Every defect in docs/market.md has a test, by its number, that runs and expects something; and no other has.",
    offences: (tree: Tree) => {
      const listed = new Set(defectsIn(tree.get(PAGE)?.text ?? ""));
      const tested = new Set([...tree.values()].flatMap(defectsTestedIn));
      return [
        ...[...listed.difference(tested)].map((defect) => ({ path: PAGE, what: `no test of defect ${defect}` })),
        ...[...tested.difference(listed)].map((defect) => ({ path: PAGE, what: `defect ${defect} is not listed` })),
      ];
    },
    refused: [
      { [PAGE]: "## Corrected defects\n" },
      ...['test("defect 99: a", () => {});\n', 'test.skip("defect 99: a", () => expect(1).toBe(1));\n'].map((text) => ({
        [PAGE]: `## Corrected defects\n${Array.from({ length: 26 }, (_, i) => `| ${i + 1} |\n`).join("")}| 99 |\n`,
        "test/a.test.ts": text,
      })),
    ],
    allowed: [
      {
        [PAGE]: `## Corrected defects\n${Array.from({ length: 24 }, (_, i) => `| ${i + 1} |\n`).join("")}| 25, 26, 99 |\n`,
        "test/a.test.ts": 'describe("defect 99: a", () => {\n  test("b", () => expect(1).toBe(1));\n});\n',
      },
    ],
  },
];
