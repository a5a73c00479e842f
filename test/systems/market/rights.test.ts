import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  demand,
  type Mode,
  type Principal,
  type Right,
  type RightName,
  rights,
} from "../../../src/systems/market/rights";
import { newWallet, signPersonal } from "./identity/wallet";
import { adminHeaders, openMarket, type TestMarket } from "./marketBench";

/**
 * Every right, walked over HTTP: role by role, with one's own and with somebody else's, in both modes. The table in
 * the code says what is expected; `requests` says how to ask.
 */
interface Ask {
  method: "GET" | "POST" | "PUT";
  /** `own` is the caller's account or worker where it has one, else a stranger's. */
  path: (own: string) => string;
  body?: (own: string) => unknown;
}

const get = (path: string | ((own: string) => string)): Ask => ({
  method: "GET",
  path: typeof path === "string" ? () => path : path,
});

const requests: Record<Exclude<RightName, "stop a lease" | "extend a lease" | "rent">, Ask[]> = {
  "see who one is": [get("/api/auth/me")],
  "see what one rents": [get("/api/renter/stats"), get("/api/renter/leases")],
  "sign in as an account": [{ method: "POST", path: () => "/api/auth/login", body: (account_id) => ({ account_id }) }],
  "open an account with money": [
    {
      method: "POST",
      path: () => "/api/auth/register",
      body: () => ({ account_id: crypto.randomUUID(), role: "consumer", balance: 1 }),
    },
  ],
  "open a provider's account": [
    {
      method: "POST",
      path: () => "/api/auth/register",
      body: () => ({ account_id: crypto.randomUUID(), role: "provider" }),
    },
  ],
  withdraw: [{ method: "POST", path: (own) => `/api/accounts/${own}/withdraw`, body: () => ({ amount: 0.001 }) }],
  transfer: [
    {
      method: "POST",
      path: (own) => `/api/accounts/${own}/transfer`,
      body: () => ({ to: "platform-treasury", amount: 0.001 }),
    },
  ],
  "see a balance": ["balance", "statement"].map((what) => get((own) => `/api/accounts/${own}/${what}`)),
  deposit: [{ method: "POST", path: (own) => `/api/accounts/${own}/deposit`, body: () => ({ amount: 1 }) }],
  "list accounts": [get("/api/accounts")],
  "list settlements": [get("/api/settlements")],
  "set a price": [
    ...["workers", "provider/workers"].map((place) => ({
      method: "PUT" as const,
      path: (own: string) => `/api/${place}/${own}/pricing`,
      body: () => ({ price_per_min: 0.6 }),
    })),
    { method: "PUT", path: (own) => `/api/workers/${own}/listing`, body: () => ({ listed: true }) },
  ],
  // Anybody may ask; whose lease it is decides in a test of its own.
  "see leases and blocks": [
    get("/api/leases"),
    get("/api/leases/nothing"),
    get("/api/blocks"),
    get("/api/blocks/self-mined"),
    get("/api/overview/activity"),
  ],
  "see earnings": ["dashboard", "earnings", "workers"].map((view) =>
    get((own) => `/api/provider/${view}?provider_id=${own}`),
  ),
  "command a worker": [{ method: "POST", path: (own) => `/api/workers/${own}/control`, body: () => ({}) }],
  "command all workers": [{ method: "POST", path: () => "/api/control/broadcast", body: () => ({}) }],
  // This market has no place for them: whoever may, is told so with 404.
  "simulate workers": ["start", "stop"].map((deed) => ({
    method: "POST" as const,
    path: () => `/api/simulator/${deed}`,
    body: () => ({}),
  })),
  "see offers and statistics": [
    get("/api/simulator"),
    get("/api/workers"),
    get("/api/workers/provider/pricing"),
    get("/api/workers/provider/pricing/suggest"),
    get("/api/workers/provider/reputation"),
    get("/api/marketplace"),
    get("/api/marketplace/estimate?duration_sec=60"),
    get("/api/status"),
    get("/api/monitoring/fleet"),
    get("/api/monitoring/stats"),
    get("/api/monitoring/hashrate-history"),
    get("/api/monitoring/blocks/recent"),
    get("/api/overview/stats"),
    get("/api/overview/network"),
  ],
};

/** Routes of whom the table says nothing: they are for everybody, or ask for a wallet's own token. */
const elsewhere = [
  "GET /api/auth/nonce",
  "POST /api/auth/verify",
  "GET /api/wallet/stats",
  "GET /api/wallet/history",
  "GET /api/wallet/achievements",
  "GET /api/wallet/share",
  "POST /api/wallet/workers/:id/command",
  "WS /ws/dashboard",
];

type Role = Principal["role"];
const roles: Role[] = ["anonymous", "provider", "consumer", "admin"];

function expected(right: Right, role: Role, owns: boolean, mode: Mode): number {
  if (role === "admin") return 200;
  if (role === "anonymous") return right.anonymous[mode] ? 200 : 401;
  const reach = (mode === "closed" ? right.closed : undefined)?.[role] ?? right[role];
  if (reach === "none") return 403;
  return reach === "any" || owns ? 200 : 403;
}

const ADDRESS = `0x${"cd".repeat(20)}`;

for (const mode of ["open", "closed"] as const) {
  describe(`rights while ${mode}`, () => {
    let market: TestMarket;
    const headers: Record<Role, Record<string, string>> = {
      anonymous: {},
      admin: adminHeaders,
      provider: {},
      consumer: {},
    };

    beforeAll(async () => {
      market = await openMarket({ mode, guardControl: true });
      for (const workerId of ["provider", "stranger"]) {
        await market.register(workerId);
        await market.accounts.deposit(workerId, 100);
      }
      for (const [role, accountId] of [
        ["consumer", "consumer"],
        ["consumer", "other"],
      ] as const) {
        await market.accounts.register({ accountId, role, ethAddress: "", balance: 100 });
      }
      for (const role of ["provider", "consumer"] as const) {
        headers[role] = { "x-api-key": (await market.accounts.login(role, { regenerate: false })).apiKey };
      }
    });
    afterAll(() => market.close());

    async function ask({ method, path, body }: Ask, role: Role, own: string): Promise<number> {
      const [place, said] = [path(own), body?.(own)];
      const answer =
        method === "GET"
          ? market.get(place, headers[role])
          : market[method === "POST" ? "post" : "put"](place, said, headers[role]);
      const { status } = await answer;
      // What is asked for may be missing; the right was there all the same.
      return status === 404 ? 200 : status;
    }

    for (const [name, asks] of Object.entries(requests) as [keyof typeof requests, Ask[]][]) {
      for (const role of roles) {
        for (const owns of [true, false]) {
          test(`${role} may ${name}${owns ? ", its own" : ""}`, async () => {
            const own = owns ? (role === "consumer" ? "consumer" : "provider") : "stranger";
            for (const one of asks) {
              expect([one.path(own), await ask(one, role, own)]).toEqual([
                one.path(own),
                expected(rights[name], role, owns, mode),
              ]);
            }
          });
        }
      }
    }

    async function newLease(consumerId: string): Promise<string> {
      for (const leaseId of market.live.activeLeases.keys()) {
        await market.post("/api/stop", { lease_id: leaseId }, adminHeaders);
      }
      const wish = { consumer_id: consumerId, consumer_address: ADDRESS, duration_sec: 60, worker_id: "provider" };
      return (await market.post("/api/rent", wish, adminHeaders)).body.lease_id;
    }

    for (const role of roles) {
      for (const owns of [true, false]) {
        test(`${role} may rent${owns ? " for itself" : " for another"}`, async () => {
          await newLease("consumer");
          for (const path of ["/api/rent", "/api/rental/start"]) {
            const consumer_id = owns ? "consumer" : "other";
            const wish = { consumer_id, consumer_address: ADDRESS, duration_sec: 60, worker_id: "stranger" };
            const { status, body } = await market.post(path, wish, headers[role]);
            expect(status).toBe(expected(rights.rent, role, owns, mode));
            if (status === 200) await market.post("/api/stop", { lease_id: body.lease_id }, adminHeaders);
          }
        });

        test(`${role} may stop a lease${owns ? " of its own" : ""}`, async () => {
          for (const path of ["/api/stop", "/api/rental/stop"]) {
            const leaseId = await newLease(owns ? "consumer" : "other");
            // The leases are all of the provider's worker; another's lease is one of the other worker.
            const foreign = role === "provider" && !owns;
            const lease_id = foreign
              ? (
                  await market.post(
                    "/api/rent",
                    { consumer_id: "other", consumer_address: ADDRESS, worker_id: "stranger" },
                    adminHeaders,
                  )
                ).body.lease_id
              : leaseId;
            const { status } = await market.post(path, { lease_id }, headers[role]);
            const wanted = expected(rights["stop a lease"], role, owns, mode);
            expect(status).toBe(wanted);
            const { body } = await market.get(`/api/leases/${lease_id}`, adminHeaders);
            expect(body.state).toBe(wanted === 200 ? "completed" : "active");
          }
        });

        test(`${role} may extend a lease${owns ? " of its own" : ""}`, async () => {
          const leaseId = await newLease(owns ? "consumer" : "other");
          const { status } = await market.post(`/api/leases/${leaseId}/extend`, { duration_sec: 1 }, headers[role]);
          expect(status).toBe(expected(rights["extend a lease"], role, owns && role === "consumer", mode));
        });
      }
    }

    test("a wallet's token is as good as a key", async () => {
      const wallet = newWallet();
      await market.register("wallet-worker", { eth_address: wallet.address });
      const { body } = await market.get(`/api/auth/nonce?address=${wallet.address}`);
      const signature = signPersonal(body.message, wallet.secretKey);
      const signedIn = await market.post("/api/auth/verify", { address: wallet.address, signature, nonce: body.nonce });
      const bearer = { authorization: `Bearer ${signedIn.body.token}` };
      const pricing = { price_per_min: 1 };
      expect((await market.put("/api/workers/wallet-worker/pricing", pricing, bearer)).status).toBe(200);
      expect((await market.put("/api/workers/provider/pricing", pricing, bearer)).status).toBe(403);
      expect((await market.get("/api/provider/dashboard", bearer)).body.worker_count).toBe(1);
      expect((await market.get("/api/accounts", bearer)).status).toBe(403);
    });

    test("every route stands in the table or is known to stand elsewhere", () => {
      const asked = Object.values(requests).flat();
      const patterns = asked.map(({ method, path }) => `${method} ${path(":id").split("?")[0]}`);
      const known = new Set([
        ...elsewhere,
        ...patterns.map((pattern) =>
          pattern.replace("/provider/pricing", "/:id/pricing").replace("/provider/reputation", "/:id/reputation"),
        ),
        ...["rent", "rental/start", "stop", "rental/stop"].map((path) => `POST /api/${path}`),
        "GET /api/leases/:id",
        "POST /api/orders",
        "POST /api/leases/:id/extend",
      ]);
      const unknown = market.routeList().filter((route) => !known.has(route));
      expect(unknown).toEqual([]);
    });
  });
}

test("defect 1: an API key on the admin's lists and on prices gives an answer, not a fault", async () => {
  const market = await openMarket();
  await market.register("w1");
  const { body } = await market.post("/api/auth/login", { account_id: "w1" });
  for (const headers of [adminHeaders, { "x-api-key": body.api_key }, { "x-api-key": "nobody's" }, {}]) {
    for (const path of ["/api/accounts", "/api/settlements"]) {
      expect([200, 403]).toContain((await market.get(path, headers as Record<string, string>)).status);
    }
    expect(
      (await market.put("/api/workers/w1/pricing", { price_per_min: 1 }, headers as Record<string, string>)).status,
    ).toBe(200);
  }
  const forbidden = await market.get("/api/accounts", { "x-api-key": body.api_key });
  expect([forbidden.status, forbidden.body]).toEqual([403, { detail: "Admin access required" }]);
  await market.close();
});

test("the admin is let in by nothing but the key that is set", () => {
  expect(() => demand("list accounts", { role: "anonymous" }, false, "closed")).toThrow();
  expect(() => demand("list accounts", { role: "admin", accountId: "_admin" }, false, "closed")).not.toThrow();
});
