import { eachImport, importing, importingType, type Permit, type Rule } from "./rule";

/** The rooms of the house, as docs/architecture.md names them; the first that fits is the room of a path. */
export const ROOMS = [
  "src/numeric/",
  "src/mqtt/",
  "src/config/",
  "src/gpu/",
  "src/platform/",
  "src/systems/",
  "src/commands/",
  "src/parts.ts",
  "src/app.ts",
  "src/createWorker.ts",
  "src/worker.ts",
  "src/child.ts",
  "src/main.ts",
  "static/",
  "kernels/",
  "drizzle/",
  "test/",
  "build.ts",
];

/** What each room may import of ours beside itself; pages have rules of their own. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  "src/mqtt/": ["src/platform/clock", "src/platform/random", "src/platform/chores"],
  "src/config/": ["src/platform/errors"],
  "src/gpu/": ["src/platform/", "kernels/"],
  "src/platform/": ["src/config/", "src/numeric/", "drizzle/"],
  "src/systems/": ["src/platform/", "src/numeric/", "src/config/", "src/mqtt/index", "src/gpu/", "kernels/"],
  "src/parts.ts": ["src/systems/", "src/mqtt/index", "src/platform/", "src/config/"],
  "src/app.ts": ["src/parts", "src/createWorker", "src/platform/", "src/config/"],
  "src/createWorker.ts": ["src/worker"],
  "src/worker.ts": ["src/systems/", "src/platform/"],
  "src/child.ts": ["src/systems/", "src/gpu/", "src/platform/"],
  "src/commands/": ["src/app", "src/parts", "src/createWorker", "src/systems/", "src/platform/", "src/config/"],
  "src/main.ts": ["src/commands/", "src/child"],
  "static/": ["src/"],
  "test/": ["src/", "static/", "drizzle/"],
  "build.ts": ["src/"],
};

const roomOf = (path: string) => ROOMS.find((room) => (room.endsWith("/") ? path.startsWith(room) : path === room));
const roomOfTarget = (target: string) => roomOf(target) ?? roomOf(`${target}.ts`);
const systemOf = (path: string) => /^src\/systems\/([^/]+)\//.exec(path)?.[1];

const doors: Permit[] = Object.entries(DOORS).flatMap(([path, targets]) => targets.map((to) => ({ path, to })));

/** Between the rooms of the house. */
export const houseRules: readonly Rule[] = [
  {
    name: "Imports go in the one direction, through the doors; nothing of the program imports a test or a page.",
    offences: eachImport((path, { target }) => {
      const room = roomOfTarget(target);
      return room !== undefined && room !== roomOf(path);
    }),
    permits: doors,
    refused: [
      { "src/platform/a.ts": importing("../systems/market") },
      { "src/platform/a.ts": importingType("../systems/market/tables") },
      { "src/platform/a.ts": importing("../mqtt") },
      { "src/platform/a.ts": importing("../../static/common/format") },
      { "src/platform/a.ts": "export const a = import('../systems/market');\n" },
      { "src/platform/a.ts": "export type A = import('../systems/market').MarketOptions;\n" },
      { "src/platform/a.ts": "export { createMarket } from '../systems/market';\n" },
      { "src/platform/a.ts": "export const a = new Worker(new URL('../systems/market/a.ts', import.meta.url));\n" },
      { "src/mqtt/a.ts": importing("../platform/log") },
      { "src/numeric/a.ts": importing("../platform/clock") },
      { "src/config/a.ts": importing("../platform/log") },
      { "src/gpu/a.ts": importing("../systems/filecoin") },
      { "src/systems/market/a.ts": importing("../../mqtt/broker/broker") },
      { "src/systems/market/a.ts": importing("../../commands/serve") },
      { "src/systems/market/a.ts": importing("../../../test/support/manualClock") },
      { "src/systems/market/a.ts": importing("../../../static/common/format") },
      { "src/app.ts": importing("../static/common/format") },
      { "src/app.ts": importing("./mqtt/broker/broker") },
      { "src/parts.ts": importing("./mqtt/broker/broker") },
      { "src/commands/a.ts": importing("../mqtt/broker/broker") },
      { "src/main.ts": importing("./systems/market") },
    ],
    allowed: [
      { "src/platform/a.ts": '// Once this was import { x } from "../systems/market";\nexport const a = 1;\n' },
      { "src/platform/a.ts": "export const a = 'import { x } from \"../systems/market\"';\n" },
      { "src/mqtt/a.ts": importingType("../platform/clock") },
      { "src/systems/market/a.ts": importing("../../mqtt") },
      { "src/parts.ts": importing("./systems/market") },
    ],
  },
  {
    name: "Every file stands in a room that this page names.",
    offences: (tree) =>
      [...tree.keys()]
        .filter((path) => !path.endsWith(".md") && roomOf(path) === undefined)
        .map((path) => ({ path, what: "has no room" })),
    refused: [{ "src/a.ts": importing("./systems/market") }, { "src/lib/a.ts": "export const a = 1;\n" }],
  },
  {
    name: "A system never imports another.",
    offences: eachImport((path, { target }) => {
      const [from, to] = [systemOf(path), systemOf(target)];
      return from !== undefined && to !== undefined && from !== to;
    }),
    refused: [
      { "src/systems/market/a.ts": importing("../broker") },
      { "src/systems/market/a.ts": importingType("../chain/tables") },
    ],
    allowed: [{ "src/systems/market/a.ts": importing("./service") }],
  },
  {
    name: "Who is outside of a system comes in through its index; only worker.ts and child.ts know what they run.",
    offences: eachImport(
      (path, { target }) =>
        path.startsWith("src/") &&
        systemOf(path) === undefined &&
        systemOf(target) !== undefined &&
        !/^src\/systems\/[^/]+\/index$/.test(target),
    ),
    permits: [{ path: "src/worker.ts" }, { path: "src/child.ts" }],
    refused: [
      { "src/parts.ts": importing("./systems/market/service") },
      { "src/parts.ts": importingType("./systems/market/tables") },
      { "src/commands/a.ts": importing("../systems/market/miner/fleet") },
      { "src/app.ts": importingType("./systems/filecoin/service") },
    ],
    allowed: [{ "src/parts.ts": importing("./systems/market") }],
  },
];
