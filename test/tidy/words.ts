import { eachSource, type Rule } from "./rule";

/** Other words for the most that there may be, in the names of constants. */
const OTHER_LIMIT =
  /\bconst ((?:MOST|LONGEST|LARGEST|HIGHEST|BIGGEST|GREATEST)_\w+|\w+_LIMIT(?:_[A-Z]+)*)(?=\b[^\n]*=)/g;

/** Words with one meaning each. */
export const wordRules: readonly Rule[] = [
  {
    name: "The name of an upper limit begins with MAX_.",
    offences: eachSource(({ path, text }) =>
      path.endsWith(".md") ? [] : [...text.matchAll(OTHER_LIMIT)].map(([, name]) => name!),
    ),
    pending: [{ path: "src/systems/" }, { path: "src/numeric/" }, { path: "static/" }, { path: "test/" }],
    refused: [
      { "src/platform/a.ts": "export const MOST_ROWS = 1;\n" },
      { "src/platform/a.ts": "const LONGEST_NAME_BYTES: number = 1;\n" },
      { "src/platform/a.ts": "const BODY_LIMIT_BYTES = 1;\n" },
      { "src/config/a.ts": "const WAITING_LIMIT = 1;\n" },
    ],
    allowed: [{ "src/platform/a.ts": "const MAX_ROWS = 1;\nconst ROWS_LIMITED = 1;\n" }],
  },
];
