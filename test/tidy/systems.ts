import { eachImport, importing, importingType, type Rule } from "./rule";
import type { Tree } from "./tree";

/** The rooms inside every system, by where a file stands; what is in none of them holds rules. */
const ROOMS = [
  ["index", /^index$/],
  ["routes", /(^|\/)routes(\/|$)|Routes$/],
  ["schema", /(^|\/)schema(\/|$)|Schema$/],
  ["store", /(^|\/)store(\/|$)|Store$/],
  ["tables", /(^|\/)tables$|Tables$/],
] as const;

type Room = (typeof ROOMS)[number][0] | "rules";

const MAX_FILES_OF_A_ROOT = 10;

/** The room of a path with or without its extension; undefined outside of systems. */
function roomOf(path: string): Room | undefined {
  const inside = /^src\/systems\/[^/]+\/(.+?)(\.tsx?)?$/.exec(path)?.[1];
  if (inside === undefined) return undefined;
  return ROOMS.find(([, place]) => place.test(inside))?.[0] ?? "rules";
}

/** Imports from one room into others of the same system. */
const intoRooms = (from: Room, ...to: Room[]): Rule["offences"] =>
  eachImport((path, { target }) => roomOf(path) === from && to.some((room) => roomOf(target) === room));

/** Imports of the program's own files from one room, but for what is named. */
const onlyFrom = (from: Room, may: RegExp, ...rooms: Room[]): Rule["offences"] =>
  eachImport((path, { target }) => {
    if (roomOf(path) !== from || !target.startsWith("src/")) return false;
    return !may.test(target) && !rooms.some((room) => roomOf(target) === room);
  });

/** Files of a system that import nothing of it: values that every room may know. */
function isLeaf(tree: Tree, target: string): boolean {
  const source = tree.get(`${target}.ts`);
  return source?.imports.every((imported) => roomOf(imported.target) === undefined) ?? false;
}

/** Inside a system. */
export const systemRules: readonly Rule[] = [
  {
    name: "Routes call the rules; they know no store and no table.",
    offences: intoRooms("routes", "store", "tables", "index"),
    refused: [
      { "src/systems/broker/routes.ts": importing("./store/leases") },
      { "src/systems/chain/routes.ts": importing("./store") },
      { "src/systems/chain/routes.ts": importingType("./tables") },
    ],
    allowed: [{ "src/systems/chain/routes.ts": importing("./service") }],
  },
  {
    name: "Rules know no routes.",
    offences: intoRooms("rules", "routes", "index"),
    refused: [
      { "src/systems/market/service.ts": importing("./routes") },
      { "src/systems/market/dealings/a.ts": importing("../routes/leaseRoutes") },
      { "src/systems/market/dealings/a.ts": importingType("../routes/access") },
      { "src/systems/market/dealings/a.ts": importing("..") },
    ],
    allowed: [{ "src/systems/market/dealings/a.ts": importing("../store/leases") }],
  },
  {
    name: "Stores know tables, and of the rules only values: files that import nothing of the system.",
    offences: (tree) =>
      intoRooms(
        "store",
        "rules",
        "routes",
        "schema",
        "index",
      )(tree).filter(({ target }) => !(roomOf(target!) === "rules" && isLeaf(tree, target!))),
    refused: [
      { "src/systems/market/store/a.ts": importing("../service") },
      { "src/systems/market/store/a.ts": importingType("../live/state") },
      { "src/systems/market/store/a.ts": importing("../schema/leases") },
      { "src/systems/chain/store.ts": importing("./service") },
    ],
    allowed: [
      {
        "src/systems/market/store/a.ts": importing("../dealings/value"),
        "src/systems/market/dealings/value.ts": "export const x = 1;\n",
      },
    ],
  },
  {
    name: "Schemas import schemas of their system, numeric, and the readers and texts of platform/http, and nothing else of ours.",
    offences: onlyFrom("schema", /^src\/(numeric\/|platform\/http\/(fastapi\/|api\/texts$))/, "schema"),
    refused: [
      { "src/systems/market/schema/a.ts": importing("../service") },
      { "src/systems/market/schema/a.ts": importingType("../dealings/leases") },
      { "src/systems/market/schema/a.ts": importing("../store/leases") },
      { "src/systems/market/schema/a.ts": importingType("../tables") },
      { "src/systems/market/schema/a.ts": importing("../../../platform/database") },
      { "src/systems/chain/schema.ts": importing("./service") },
      { "src/systems/chain/schema.ts": importing("../../config/settings") },
      { "src/systems/chain/schema.ts": importing("../../platform/http/api/document") },
    ],
    allowed: [
      { "src/systems/market/schema/a.ts": importing("./leases") },
      { "src/systems/market/schema/a.ts": importing("../../../platform/http/api/texts") },
    ],
  },
  {
    name: "Tables import the database room and nothing else of ours.",
    offences: onlyFrom("tables", /^src\/platform\/database\//),
    refused: [
      { "src/systems/market/tables.ts": importing("./rules/money") },
      { "src/systems/market/tables.ts": importingType("./schema/leases") },
    ],
    allowed: [{ "src/systems/market/tables.ts": importing("../../platform/database") }],
  },
  {
    name: "Elysia is known to routes and to the HTTP rooms of the platform alone.",
    offences: eachImport(
      (path, { target }) =>
        /^(elysia$|elysia\/|@elysiajs\/)/.test(target) &&
        isSource(path) &&
        !/(^|\/)routes(\/|\.ts$)|Routes\.ts$/.test(path),
    ),
    permits: [{ path: "src/platform/http/" }, { path: "src/platform/system.ts" }],
    refused: [
      { "src/systems/market/service.ts": importing("elysia") },
      { "src/systems/market/index.ts": importingType("elysia") },
      { "src/platform/a.ts": importing("@elysiajs/openapi") },
    ],
    allowed: [{ "src/systems/market/routes/a.ts": importing("elysia") }],
  },
  {
    name: "Drizzle is known to stores, tables and the database room alone.",
    offences: eachImport(
      (path, { target }) =>
        /^drizzle-orm($|\/)/.test(target) &&
        isSource(path) &&
        !/(^|\/)(store|tables)(\/|\.ts$)|(Store|Tables)\.ts$/.test(path),
    ),
    permits: [{ path: "src/platform/database/" }],
    refused: [
      { "src/systems/market/service.ts": importing("drizzle-orm") },
      { "src/platform/a.ts": importing("drizzle-orm/bun-sqlite") },
      { "src/systems/market/routes/a.ts": importingType("drizzle-orm") },
    ],
    allowed: [{ "src/systems/market/store/a.ts": importing("drizzle-orm") }],
  },
  {
    name: `The root of a system holds at most ${MAX_FILES_OF_A_ROOT} files.`,
    offences: (tree) => {
      const roots = Map.groupBy([...tree.keys()], (path) => /^src\/systems\/[^/]+\/(?=[^/]+$)/.exec(path)?.[0] ?? "");
      return [...roots]
        .filter(([path, files]) => path !== "" && files.length > MAX_FILES_OF_A_ROOT)
        .map(([path, files]) => ({ path, what: `${files.length} files` }));
    },
    refused: [
      Object.fromEntries([
        ["src/systems/invented/", ""],
        ..."abcdefghijk".split("").map((name) => [`src/systems/invented/${name}.ts`, "export const a = 1;\n"]),
      ]),
    ],
  },
];

const isSource = (path: string) => path.startsWith("src/");
