/**
 * A small system that nobody wrote the program for, as text: its folder, and what docs/adding-a-system.md says must be
 * added elsewhere. `addition.test.ts` puts it into a copy of the sources.
 */

const INDEX = `import { join } from "node:path";
import type { Platform } from "../../platform/platform";
import { replaceFile } from "../../platform/replaceFile";
import type { System } from "../../platform/system";
import { gaugeCheck } from "./gauge";
import { tidesRoutes } from "./routes";
import { createTidesService } from "./service";

export { gaugeCheck } from "./gauge";

const FILE = "tides.json";

/** Tides of one sea. */
export function createTides(platform: Platform): System {
  const { config, dataDir, log } = platform;
  const service = createTidesService(platform);
  let predictions = 0;
  return {
    name: "tides",
    routes: tidesRoutes(service, log),
    async start() {
      await replaceFile(join(dataDir, FILE), JSON.stringify({ sea: config.TIDES_SEA }));
      predictions = await service.count();
    },
    stop: async () => undefined,
    health: () => ({ ready: true, status: "healthy", service: "Tides", sea: config.TIDES_SEA }),
    about: () => ({ service: "Tides", gauge: "wet" }),
    flat: ["gauge"],
    card: () => ({
      title: "Tides",
      figure: \`\${predictions} predictions\`,
      caption: config.TIDES_SEA,
      action: { label: "Predict a tide", href: "/docs" },
    }),
    statusLine: () => [\`tides of the \${config.TIDES_SEA}\`],
    files: [{ name: FILE, meaning: "the sea that tides are predicted for" }],
    checks: [gaugeCheck(config)],
    securitySchemes: { tidesKey: { type: "apiKey", in: "header", name: "X-Tides-Key", description: "A key of the sea." } },
    find: async (query) => [{ kind: "sea", title: config.TIDES_SEA, hint: query, href: "/docs" }],
  };
}
`;

const GAUGE = `import type { Config } from "../../config/settings";
import type { Check } from "../../platform/doctor/check";

/** Whether the gauge of the sea can be read. */
export function gaugeCheck({ TIDES_SEA }: Pick<Config, "TIDES_SEA">): Check {
  return { name: "tide gauge", run: () => ({ outcome: "works", found: TIDES_SEA, advice: null, figures: {} }) };
}
`;

const ROUTES = `import { Elysia } from "elysia";
import { detailShape, routesWithErrors } from "../../platform/http/errorShape";
import type { Log } from "../../platform/log";
import type { TidesService } from "./service";

export function tidesRoutes(service: TidesService, log: Log) {
  return routesWithErrors("tides", detailShape, log).use(
    new Elysia({ tags: ["tides"] })
      .get("/tides/:hours", ({ params }) => service.predict(Number(params.hours)))
      .get("/tides", () => service.count()),
  );
}
`;

const SERVICE = `import type { Platform } from "../../platform/platform";
import { count, keep } from "./store";
import type { Prediction } from "./work";

export interface TidesService {
  predict(hours: number): Promise<Prediction>;
  count(): Promise<number>;
}

export function createTidesService({ pool, storage, clock }: Pick<Platform, "pool" | "storage" | "clock">): TidesService {
  return {
    async predict(hours) {
      const predicted = await pool.run({ kind: "tides.predict", input: { hours }, costMs: 1 });
      await keep(storage, hours, clock.now());
      return predicted;
    },
    count: () => count(storage),
  };
}
`;

const STORE = `import { count as counted } from "drizzle-orm";
import type { Storage } from "../../platform/database";
import { tidesTables } from "./tables";

export async function keep(storage: Storage, hours: number, madeAt: number): Promise<void> {
  const { predictions } = storage.tables(tidesTables);
  await storage.transact(async (db) => {
    await db.insert(predictions).values({ hours, madeAt });
  });
}

export async function count(storage: Storage): Promise<number> {
  const { predictions } = storage.tables(tidesTables);
  const rows = await storage.read((db) => db.select({ rows: counted() }).from(predictions));
  return Number(rows[0]?.rows);
}
`;

const TABLES = `import { defineTables } from "../../platform/database";

export const tidesTables = defineTables(({ table, integer }) => ({
  predictions: table("tides_predictions", { hours: integer("hours").notNull(), madeAt: integer("made_at").notNull() }),
}));
`;

const WORK = `import type { WorkHandlers } from "../../platform/compute/work";

export interface Prediction {
  heightsM: number[];
}

export const tidesWork = {
  "tides.predict": ({ hours }: { hours: number }): Prediction => ({
    heightsM: Array.from({ length: hours }, (_, hour) => Math.round(100 * Math.cos((hour * Math.PI) / 6)) / 100),
  }),
} satisfies WorkHandlers;
`;

const SETTINGS = `import { port, text } from "../kinds";
import type { Settings } from "../setting";

/** Tides of one sea. */
export const tidesSettings = {
  TIDES_PORT: { kind: port, meaning: "A port of its own for the tides, alone at the root." },
  TIDES_SEA: { kind: text, default: "North Sea", meaning: "The sea that tides are predicted for." },
} satisfies Settings;
`;

const UP = "CREATE TABLE tides_predictions (hours INTEGER NOT NULL, made_at INTEGER NOT NULL) STRICT;\n";

/** Files that are new, by path. */
export const newFiles: Readonly<Record<string, string>> = {
  "src/systems/tides/index.ts": INDEX,
  "src/systems/tides/gauge.ts": GAUGE,
  "src/systems/tides/routes.ts": ROUTES,
  "src/systems/tides/service.ts": SERVICE,
  "src/systems/tides/store.ts": STORE,
  "src/systems/tides/tables.ts": TABLES,
  "src/systems/tides/work.ts": WORK,
  "src/config/settings/tides.ts": SETTINGS,
  "drizzle/sqlite/9001_tides.sql": UP,
  "drizzle/sqlite/9001_tides.down.sql": "DROP TABLE tides_predictions;\n",
};

/** What is written into files that are there: what a pattern finds, and what takes its place. */
export const additions: Readonly<Record<string, readonly (readonly [found: RegExp, becomes: string])[]>> = {
  "src/parts.ts": [
    [/^/, 'import { createTides, gaugeCheck } from "./systems/tides";\n'],
    [/const NAMES = \[/, '$&"tides", '],
    [
      /const parts: Part\[\] = \[\];\n/,
      '$&  if (wanted.has("tides")) parts.push({ system: createTides(platform), port: "TIDES_PORT" });\n',
    ],
    [/const CHECKS: .* = \{\n/, "$&  tides: (config) => [gaugeCheck(config)],\n"],
  ],
  "src/config/settings.ts": [
    [/^/, 'import { tidesSettings } from "./settings/tides";\n'],
    [/export const settings = \{\n/, "$&  ...tidesSettings,\n"],
  ],
  "src/worker.ts": [
    [/^/, 'import { tidesWork } from "./systems/tides/work";\n'],
    [/serveWork\(/, "$&tidesWork, "],
    [/\ndeclare module/, "\ntype TidesWork = typeof tidesWork;\n$&"],
    [/interface WorkKinds extends /, "$&TidesWork, "],
  ],
  "drizzle/revisions.ts": [
    [/^/, 'import tidesDown from "./sqlite/9001_tides.down.sql" with { type: "text" };\n'],
    [/^/, 'import tides from "./sqlite/9001_tides.sql" with { type: "text" };\n'],
    [/(const sqliteRevisions[^;]*)\];/, '$1  { name: "9001_tides", up: tides, down: tidesDown },\n];'],
  ],
};
