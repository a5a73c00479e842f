import type { Permit, Rule } from "./rule";
import type { Tree } from "./tree";

/** Where a system is named outside of its folder, its page and its documents: the places of docs/adding-a-system.md. */
const PLACES: readonly Permit[] = [
  // Who makes the systems, and hands each what it needs of the others.
  { path: "src/parts.ts" },
  // Which module runs which kind of work.
  { path: "src/worker.ts" },
  { path: "src/child.ts" },
  // Its settings, and the line of that file in the table.
  { path: "src/config/settings/" },
  { path: "src/config/settings.ts" },
  // Its commands, and their lines.
  { path: "src/commands/" },
  // Its page, where that has another name than the system.
  { path: "static/epidemics/" },
  { path: "static/forecast/" },
  // Its migrations.
  { path: "drizzle/" },
];

const systemOf = (path: string) => /^src\/systems\/([^/]+)\//.exec(path)?.[1];

/** The names of the systems. */
function namesIn(tree: Tree): string[] {
  return [...new Set([...tree.keys()].map(systemOf).filter((name) => name !== undefined))];
}

/** `tides`, `Tides` or `TIDES`, as a word or as a part of a name; the documents that are cited do not count. */
function namingOf(names: readonly string[]): RegExp {
  const forms = names.flatMap((name) => [
    `(?<![A-Za-z])${name}(?![a-z])`,
    `${name[0]!.toUpperCase()}${name.slice(1)}(?![a-z])`,
    `(?<![A-Z])${name.toUpperCase()}(?![A-Z])`,
  ]);
  return new RegExp(forms.join("|"), "g");
}

/** Whether a file of the program belongs to no system, to no system's page, nor to the library named as a system is. */
function isOfTheHouse(path: string, names: readonly string[]): boolean {
  const page = /^static\/([^/]+)\//.exec(path)?.[1];
  if (page !== undefined) return !names.includes(page);
  return /^(src|kernels|drizzle)\/|^build\.ts$/.test(path) && !/^src\/(systems|mqtt)\//.test(path);
}

/** Who knows of systems. */
export const nameRules: readonly Rule[] = [
  {
    name: "Outside of its own folders a system is named only where docs/adding-a-system.md says.",
    offences(tree) {
      const names = namesIn(tree);
      const naming = namingOf(names);
      return [...tree.values()]
        .filter(({ path }) => isOfTheHouse(path, names))
        .flatMap(({ path, text }) =>
          [...new Set(text.replace(/\bdocs\/[\w-]+\.md/g, "").match(naming) ?? [])].map((what) => ({
            path,
            what: `names ${what}`,
          })),
        );
    },
    permits: PLACES,
    refused: [
      { "src/app.ts": "export const first = 'filecoin';\n" },
      { "src/platform/a.ts": "export const isMarket = true;\n" },
      { "src/platform/a.ts": "export const port = 'CHAIN_PORT';\n" },
      { "src/platform/a.ts": "// As the broker does.\nexport const a = 1;\n" },
      { "static/common/a.tsx": "export const href = '/market';\n" },
      {
        "src/platform/a.ts": "export const a = 'invented';\n",
        "src/systems/invented/index.ts": "export const b = 1;\n",
      },
    ],
    allowed: [
      { "src/platform/a.ts": "/** The queue (docs/market.md). */\nexport const unchained = 1;\n" },
      { "static/market/a.tsx": "export const href = '/market';\n" },
      { "src/mqtt/a.ts": "export const broker = 1;\n" },
    ],
  },
];
