import { eachImport, importing, importingType, type Rule } from "./rule";

/** The rooms of the market, each built on those before it; docs/market.md begins with what they hold. */
const LAYERS: readonly (readonly string[])[] = [
  ["rules", "ports", "schema", "tables", "rights"],
  ["store", "replay"],
  ["identity", "live"],
  ["workers", "original"],
  ["dealings", "miner"],
  ["views"],
  ["service"],
  ["routes"],
  ["index", "work"],
];

const roomOf = (path: string) => /^src\/systems\/market\/([^/]+?)(\.ts)?(\/|$)/.exec(path)?.[1];
const layerOf = (room: string) => LAYERS.findIndex((rooms) => rooms.includes(room));

/** Inside the market. */
export const marketRules: readonly Rule[] = [
  {
    name: "In the market imports go `rules, ports <- store <- identity, live <- workers <- dealings, miner <- views <- service <- routes`.",
    offences: eachImport((path, { target }) => {
      const [from, to] = [roomOf(path), roomOf(target)];
      if (from === undefined || to === undefined || from === to) return false;
      return layerOf(from) === -1 || layerOf(to) >= layerOf(from);
    }),
    refused: [
      { "src/systems/market/rules/a.ts": importing("../store/leases") },
      { "src/systems/market/store/a.ts": importing("../live/state") },
      { "src/systems/market/identity/a.ts": importing("../dealings/accounts") },
      { "src/systems/market/workers/a.ts": importingType("../dealings/leases") },
      { "src/systems/market/workers/a.ts": importing("../miner/fleet") },
      { "src/systems/market/dealings/a.ts": importing("../views/pages") },
      { "src/systems/market/views/a.ts": importingType("../service") },
      { "src/systems/market/service.ts": importing("./routes") },
      { "src/systems/market/newRoom/a.ts": importing("../rules/money") },
    ],
    allowed: [{ "src/systems/market/dealings/a.ts": importing("../workers/outbox") }],
  },
];
