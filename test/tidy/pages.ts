import { eachImport, importing, importingType, type Rule } from "./rule";

const folderOf = (path: string) => /^static\/([^/]+)\//.exec(path)?.[1];

const isSchema = (target: string) =>
  /^src\/(systems|platform)\/[^/]+\/(.*\/)?(schema(\/|$)|[a-zA-Z]+Schema$)/.test(target);

/** The pages. */
export const pageRules: readonly Rule[] = [
  {
    name: "A page imports its own folder and static/common.",
    offences: eachImport((path, { target }) => {
      const [from, to] = [folderOf(path), folderOf(target)];
      return from !== undefined && to !== undefined && to !== from && to !== "common";
    }),
    refused: [
      { "static/broker/a.tsx": importing("../market/worker-words") },
      { "static/broker/a.tsx": importingType("../market/contract") },
      { "static/common/a.tsx": importing("../market/worker-words") },
    ],
    allowed: [
      { "static/broker/a.tsx": importing("../common/format") },
      { "static/market/dashboard/a.tsx": importing("../hex") },
    ],
  },
  {
    name: "A page takes types from the schemas of the program, and by value only looks and titles that pictures share.",
    offences: eachImport(
      (path, { target, isType }) =>
        folderOf(path) !== undefined && target.startsWith("src/") && !(isType && isSchema(target)),
    ),
    permits: [
      { path: "static/common/chart/", to: "src/platform/charts/seriesLook" },
      { path: "static/filecoin/", to: "src/systems/filecoin/schema/series" },
    ],
    refused: [
      { "static/broker/a.tsx": importing("../../src/systems/broker/limits") },
      { "static/broker/a.tsx": importing("../../src/systems/broker/schema") },
      { "static/broker/a.tsx": importingType("../../src/systems/broker/limits") },
      { "static/broker/a.tsx": importing("../../src/numeric/quantiles") },
      { "static/common/a.tsx": importing("../../src/platform/charts/seriesLook") },
    ],
    allowed: [{ "static/broker/a.tsx": importingType("../../src/systems/broker/schema") }],
  },
];
