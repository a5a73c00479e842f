import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { loadConfig } from "../../src/config/load";
import { type DescribedOperation, describeApi } from "../../src/platform/http/api/document";
import { type JsonSchema, membersOf } from "../../src/platform/http/api/schemas";
import { fastApiErrors } from "../../src/platform/http/fastapi/errors";
import { type HttpServer, listenHttp } from "../../src/platform/http/server";
import { createMetrics } from "../../src/platform/metrics";
import { type Random, seededRandom } from "../../src/platform/random";
import { createChainSystem } from "../../src/systems/chain";
import { marketRoutes } from "../../src/systems/market/routes";
import { audit } from "../../src/systems/market/store/ledger";
import { schemaChecker } from "../support/openApi";
import { seeds } from "../support/seeds";
import { adminHeaders, openMarket, type TestMarket } from "../systems/market/marketBench";

setDefaultTimeout(30_000);

/** Whatever the market's own description of its API allows, and much that it does not, is answered and never a fault. */

const CALLS_PER_OPERATION = 60;

let market: TestMarket;
let server: HttpServer;
let operations: [method: string, path: string, operation: DescribedOperation][];
let faultsOf: ReturnType<typeof schemaChecker>;

beforeAll(async () => {
  market = await openMarket();
  const { clock, database, log } = market.market.options;
  const chain = createChainSystem({ config: loadConfig({}).values, clock, database, log });
  await chain.start();
  const groups = [marketRoutes(market.market), chain.routes];
  server = listenHttp(groups, {
    hostname: "127.0.0.1",
    port: 0,
    portSetting: "PORT",
    corsOrigins: () => [],
    maxBodyBytes: 1_000_000,
    idleTimeoutS: 10,
    shape: fastApiErrors,
    log,
    metrics: createMetrics("test"),
  });
  for (const workerId of ["w1", "w2"]) await market.register(workerId);
  const document = await describeApi(groups);
  faultsOf = schemaChecker(document);
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [method.toUpperCase(), path, operation] as (typeof operations)[number],
    ),
  );
});
afterAll(async () => {
  await server.stop(100);
  await market.close();
});

const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  -0.5,
  1.5,
  1e308,
  1e30,
  2 ** 53,
  "",
  " ",
  "NaN",
  "Infinity",
  "-1",
  "1e999",
  "0x10",
  "\u0000",
  "\ud800",
  "'; drop table market_accounts; --",
  "<script>alert(1)</script>",
  "__proto__",
  "../../etc/passwd",
  "x".repeat(5000),
  "\u{1F600}".repeat(40),
  [],
  [1, [2, [3]]],
  {},
  { __proto__: null, a: { b: { c: 1 } } },
];
/** Bodies that no value of JSON makes. */
const HOSTILE_BODIES = [
  ...HOSTILE.map(asText),
  '{"amount":NaN,"duration_sec":-Infinity}',
  '{"amount":1e999,"duration_sec":1e999}',
  '{"account_id":"consumer-1","account_id":7}',
  `${'{"config":'.repeat(5000)}1${"}".repeat(5000)}`,
  `{"config":{"a":"${"x".repeat(70_000)}"}}`,
  "[".repeat(50_000),
  '{"account_id":"a"',
  "\ufeff{}",
];
const FITTING: Record<string, readonly unknown[]> = {
  account_id: ["consumer-1", "nobody", "platform-treasury"],
  consumer_id: ["consumer-1", "consumer-2"],
  worker_id: ["w1", "w2", null],
  role: ["provider", "consumer"],
  to: ["consumer-2"],
  command: ["restart", "list", "update_config"],
  key: ["ab".repeat(32)],
  hash_to_verify: ["xXEN11x", "XUNI1"],
  address: [`0x${"ab".repeat(20)}`],
};

function value(name: string, schema: JsonSchema | undefined, random: Random): unknown {
  const pick = (from: readonly unknown[]) => from[random.below(from.length)];
  if (random.next() < 0.35) return pick(HOSTILE);
  const fitting = FITTING[name];
  if (fitting !== undefined) return pick(fitting);
  if (schema?.["type"] === "boolean") return random.next() < 0.5;
  if (schema?.["type"] === "integer" || schema?.["type"] === "number") return random.below(2000) - 100;
  if (schema?.["type"] === "object") return { difficulty: random.below(9) };
  return random.below(1e9).toString(36);
}

function members(schema: JsonSchema, random: Random): Record<string, unknown> {
  const present = Object.entries(membersOf(schema).properties).filter(() => random.next() < 0.85);
  return Object.fromEntries(present.map(([name, about]) => [name, value(name, about, random)]));
}

function asText(one: unknown): string {
  return typeof one === "string" ? one : (JSON.stringify(one) ?? "");
}

function requestFor([method, path, operation]: (typeof operations)[number], random: Random): [string, RequestInit] {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) =>
    // An empty part would be another path.
    encodeURIComponent(asText(random.next() < 0.5 ? "w1" : value(name, undefined, random)).toWellFormed() || "w1"),
  );
  const query = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === "query" && random.next() < 0.7)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(asText(value(name, schema, random)).toWellFormed())}`);
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const odd = random.next() < 0.1 ? HOSTILE_BODIES[random.below(HOSTILE_BODIES.length)] : undefined;
  const body = schema === undefined ? undefined : (odd ?? JSON.stringify(members(schema, random)));
  const headers: Record<string, string> = random.next() < 0.5 ? adminHeaders : {};
  return [`${filled}?${query.join("&")}`, { method, headers, ...(body !== undefined && { body }) }];
}

/** The chain answers 500 to a block that is none, because miners try again on it. */
function isContract500(path: string, status: number, body: unknown): boolean {
  return path === "/verify" && status === 500 && (body as { status?: string }).status === "error";
}

describe("fuzz", () => {
  test("the description holds every route of market and chain", () => {
    expect(operations.length).toBeGreaterThan(50);
  });

  test.each(seeds(2, 30))(
    "every operation answers every request, and never with a fault (seed %d)",
    async (seed) => {
      const random = seededRandom(seed);
      for (const operation of operations) {
        const [method, path] = operation;
        for (let call = 0; call < CALLS_PER_OPERATION; call++) {
          const [target, init] = requestFor(operation, random);
          const answer = await fetch(server.url + target, init);
          const text = await answer.text();
          const said = `${method} ${target} ${String(init.body).slice(0, 300)} -> ${answer.status} ${text.slice(0, 300)} (seed ${seed})`;
          const body = JSON.parse(text) as Record<string, unknown>;
          if (isContract500(path, answer.status, body)) continue;
          const described = operation[2].responses?.[String(answer.status)]?.content?.["application/json"]?.schema;
          if (answer.status === 200)
            expect([said, described === undefined ? ["is not described"] : faultsOf(body, described)]).toEqual([
              said,
              [],
            ]);
          expect(answer.status < 500 ? "" : said).toBe("");
          if (answer.status >= 400 && path !== "/verify") expect("detail" in body ? "" : said).toBe("");
        }
      }
      expect(market.lines).toEqual([]);
      expect(market.database.read(audit)).toEqual({ journalSum: 0n, balanceSum: 0n, wrongAccounts: 0 });
    },
    120_000,
  );
});
