import { Visitor } from "oxc-parser";
import { eachSource, type Rule } from "./rule";
import type { Source } from "./tree";

/** Other words for the most that there may be, in the names of constants. */
const OTHER_WORDS = /^(MOST|LONGEST|LARGEST|HIGHEST|BIGGEST|GREATEST|DEEPEST)_|_LIMIT(_[A-Z]+)*$/;

function otherLimits({ parsed }: Source): string[] {
  const found: string[] = [];
  if (parsed === undefined) return found;
  new Visitor({
    VariableDeclarator: ({ id }) => {
      if (id.type === "Identifier" && OTHER_WORDS.test(id.name)) found.push(id.name);
    },
  }).visit(parsed.program);
  return found;
}

/** Words with one meaning each. */
export const wordRules: readonly Rule[] = [
  {
    name: "The name of an upper limit begins with MAX_.",
    offences: eachSource(otherLimits),
    refused: [
      { "src/platform/a.ts": "export const MOST_ROWS = 1;\n" },
      { "src/platform/a.ts": "const LONGEST_NAME_BYTES: number = 1;\n" },
      { "src/platform/a.ts": "const BODY_LIMIT_BYTES = 1;\n" },
      { "src/config/a.ts": "const WAITING_LIMIT = 1;\n" },
      { "static/broker/a.tsx": "const DEEPEST_OFFSET = 1;\n" },
    ],
    allowed: [
      { "src/platform/a.ts": "const MAX_ROWS = 1;\nconst ROWS_LIMITED = 1;\n" },
      { "src/platform/a.ts": 'export const a = "const MOST_ROWS = 1;";\n' },
    ],
  },
];
