import { afterEach, describe, expect, test } from "bun:test";
import { type Clock, systemClock } from "../../../../src/platform/clock";
import { seededRandom } from "../../../../src/platform/random";
import {
  createSpacescope,
  type Progress,
  type RowsRequest,
  type SpacescopeLimits,
} from "../../../../src/systems/filecoin/ingest/client";
import type { SpacescopeFault } from "../../../../src/systems/filecoin/ingest/fault";
import { type Fault, type LocalSpacescope, serveSpacescope, TEST_TOKEN } from "../../../support/spacescope";

const ROWS = { "/a": [{ stat_date: "2025-01-01", value: 1 }], "/b": [{ stat_date: "2025-01-02", value: 2 }] };
const A: RowsRequest = { path: "/a", query: {} };

let server: LocalSpacescope | undefined;
afterEach(async () => {
  await server?.stop();
});

interface Setup {
  fault?: Fault;
  clock?: Clock;
  authorization?: string;
  limits?: Partial<SpacescopeLimits>;
}

function client({ fault, clock = systemClock, authorization = TEST_TOKEN, limits }: Setup = {}) {
  server = serveSpacescope(ROWS, fault);
  const random = seededRandom(1);
  return createSpacescope({ baseUrl: server.url, authorization, clock, random, limits: { backOffMs: 1, ...limits } });
}

function fetchRows(setup: Setup, requests: RowsRequest[] = [A], signal = new AbortController().signal) {
  return client(setup).fetchRows(requests, { signal });
}

async function faultOf(work: Promise<unknown>): Promise<SpacescopeFault> {
  try {
    await work;
  } catch (error) {
    expect(error).toHaveProperty("name", "SpacescopeFault");
    return error as SpacescopeFault;
  }
  throw new Error("expected a fault");
}

/** Runs every wait at once, notes how long it would have been, and lets no request come too late. */
function hastyClock() {
  const waits: number[] = [];
  let nowMs = Date.parse("2025-07-01T00:00:00Z");
  const clock: Clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    after(delayMs, action) {
      if (delayMs >= 60_000) return () => undefined;
      waits.push(delayMs);
      nowMs += delayMs;
      queueMicrotask(action);
      return () => undefined;
    },
  };
  return { clock, waits };
}

describe("the client", () => {
  test("sends the token as it stands and nothing else of it, and gives the rows in the order asked", async () => {
    const rows = await fetchRows({}, [
      { path: "/b", query: { end_date: "2025-01-03", start_date: "2025-01-02" } },
      { path: "/a", query: {} },
    ]);
    expect(rows).toEqual([ROWS["/b"], ROWS["/a"]]);
    const asked = server!.seen.find(({ path }) => path === "/b");
    expect(asked).toEqual({
      path: "/b",
      query: { end_date: "2025-01-03", start_date: "2025-01-02" },
      authorization: TEST_TOKEN,
    });
  });

  test("tells its progress from none to all", async () => {
    const told: Progress[] = [];
    const signal = new AbortController().signal;
    await client().fetchRows([A, { path: "/b", query: {} }], { signal, onProgress: (now) => told.push(now) });
    expect(told).toEqual([
      { done: 0, total: 2 },
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ]);
  });

  test("keeps no more requests under way than it may", async () => {
    const requests = Array.from({ length: 12 }, (_, i) => ({ path: "/a", query: { i: String(i) } }));
    const held: (() => void)[] = [];
    const full = Promise.withResolvers<void>();
    const fault: Fault = () =>
      new Promise((resolve) => {
        held.push(() => resolve(undefined));
        if (held.length === 3) full.resolve();
      });
    const work = fetchRows({ fault, limits: { concurrency: 3 } }, requests);
    await full.promise;
    server!.breakBy(undefined);
    for (const release of held) release();
    await work;
    expect(server!.peak()).toBe(3);
    expect(server!.seen).toHaveLength(12);
  });

  test("does not ask again for what it was given", async () => {
    const spacescope = client();
    const signal = new AbortController().signal;
    await spacescope.fetchRows([A], { signal });
    expect(await spacescope.fetchRows([A], { signal })).toEqual([ROWS["/a"]]);
    expect(server!.seen).toHaveLength(1);
  });
});

describe("what may pass is tried again", () => {
  const broken = '{"code": 0, "data": [{"stat_date": "2025-01-0';
  const faults: [string, () => Response, string][] = [
    ["a 500", () => new Response("oops", { status: 500 }), "answered 500"],
    ["a 503 that says why", () => Response.json({ message: "resting" }, { status: 503 }), 'saying "resting"'],
    ["JSON that breaks off", () => new Response(broken), "breaks off or is malformed, after 45 characters"],
    ["an empty body", () => new Response(""), "breaks off or is malformed, after 0 characters"],
    ["a 429", () => new Response("", { status: 429 }), "answered 429: too many requests"],
  ];

  test.each(faults)("%s", async (_, answer) => {
    const fault: Fault = (_request, count) => (count <= 2 ? answer() : undefined);
    expect(await fetchRows({ fault })).toEqual([ROWS["/a"]]);
    expect(server!.seen).toHaveLength(3);
  });

  test.each(faults)("%s that does not pass is told", async (_, answer, sentence) => {
    const fault = await faultOf(fetchRows({ fault: answer, limits: { attempts: 3 } }));
    expect(fault.kind).toBe("transient");
    expect(fault.message).toContain(sentence);
    expect(fault.message).toContain(`GET ${server!.url}/a`);
    expect(fault.message).toContain("That was attempt 3 of 3.");
    expect(server!.seen).toHaveLength(3);
  });

  test("an answer that does not come in time", async () => {
    const never: Fault = () => new Promise(() => undefined);
    const fault = await faultOf(fetchRows({ fault: never, limits: { attempts: 2, timeoutMs: 30 } }));
    expect(fault.kind).toBe("transient");
    expect(fault.message).toContain("was not answered within 0.03 s");
    expect(server!.seen).toHaveLength(2);
  });

  test("an answer that begins and then stops", async () => {
    const dripping: Fault = () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('{"data": [')),
          pull: () => new Promise(() => undefined),
        }),
      );
    const fault = await faultOf(fetchRows({ fault: dripping, limits: { attempts: 1, timeoutMs: 50 } }));
    expect(fault.message).toContain("was not answered within 0.05 s");
  });

  test("a connection that is refused", async () => {
    const spacescope = client({ limits: { attempts: 2 } });
    await server!.stop();
    const fault = await faultOf(spacescope.fetchRows([A], { signal: new AbortController().signal }));
    expect(fault.kind).toBe("transient");
    expect(fault.message).toMatch(/the connection broke or was refused \(E?CONN.*REFUSED\)/i);
  });

  test("with waits that double, half of each left to chance", async () => {
    const { clock, waits } = hastyClock();
    const fault: Fault = () => new Response("", { status: 502 });
    await faultOf(fetchRows({ fault, clock, limits: { attempts: 5, backOffMs: 1000 } }));
    expect(waits).toHaveLength(4);
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(500 * 2 ** i);
      expect(wait).toBeLessThan(1000 * 2 ** i);
    }
    expect(new Set(waits.map((wait, i) => wait / 2 ** i)).size).toBe(4);
  });

  const wishes: [string, string][] = [
    ["seconds", "30"],
    ["a date", "Tue, 01 Jul 2025 00:00:30 GMT"],
  ];
  test.each(wishes)("after the time that Retry-After names in %s", async (_, wish) => {
    const { clock, waits } = hastyClock();
    const fault: Fault = (_request, count) =>
      count === 1 ? new Response("", { status: 429, headers: { "retry-after": wish } }) : undefined;
    await fetchRows({ fault, clock, limits: { backOffMs: 1000 } });
    expect(waits.reduce((sum, wait) => sum + wait)).toBeCloseTo(30_000, 3);
  });

  test("but not where the service wants to be left alone for an hour", async () => {
    const fault: Fault = () => new Response("", { status: 429, headers: { "retry-after": "3600" } });
    const told = await faultOf(fetchRows({ fault }));
    expect(told.kind).toBe("final");
    expect(told.message).toContain("asks to be left alone for 3600 s");
    expect(server!.seen).toHaveLength(1);
  });
});

describe("what no repetition mends is told at once", () => {
  test.each([401, 403])("a token refused with %d, without showing it", async (status) => {
    const fault: Fault = ({ authorization }) => Response.json({ message: `bad ${authorization}` }, { status });
    const told = await faultOf(fetchRows({ fault }));
    expect(told.kind).toBe("final");
    expect(told.message).toContain(`refused the token with ${status}. Check SPACESCOPE_TOKEN`);
    expect(told.message).not.toContain("test-token");
    expect(server!.seen).toHaveLength(1);
  });

  test("a body without data, with what the service says of it and without the token that it echoes", async () => {
    const fault: Fault = () => Response.json({ code: 1, message: "invalid dates for test-token" });
    const told = await faultOf(fetchRows({ fault }));
    expect(told.kind).toBe("data");
    expect(told.message).toContain('sent no data member, saying "invalid dates for (token)"');
    expect(server!.seen).toHaveLength(1);
  });

  test.each([
    ["null", "null", "no data member"],
    ["data that is no list", '{"data": {"rows": []}}', "a data member that is no list"],
  ])("%s in place of rows", async (_, body, sentence) => {
    const told = await faultOf(fetchRows({ fault: () => new Response(body) }));
    expect([told.kind, told.message.includes(sentence)]).toEqual(["data", true]);
  });

  test("a request that is refused for its dates", async () => {
    const fault: Fault = () => Response.json({ message: "end_date is in the future" }, { status: 400 });
    const told = await faultOf(fetchRows({ fault }));
    expect(told.kind).toBe("data");
    expect(told.message).toContain('answered 400, saying "end_date is in the future"');
  });

  test("a way to another address, which the token does not take", async () => {
    const fault: Fault = () => Response.redirect(`${server!.url}/b`, 302);
    const told = await faultOf(fetchRows({ fault }));
    expect(told.kind).toBe("final");
    expect(server!.seen.map(({ path }) => path)).toEqual(["/a"]);
  });

  test("a body over the limit, also where it is small while compressed", async () => {
    const bomb = Bun.gzipSync(new Uint8Array(1_000_000));
    const fault: Fault = () => new Response(bomb, { headers: { "content-encoding": "gzip" } });
    const told = await faultOf(fetchRows({ fault, limits: { maxBytes: 100_000 } }));
    expect(told.kind).toBe("final");
    expect(told.message).toContain("more than the 100000 bytes allowed");
  });
});

describe("whoever no longer wants it", () => {
  test("ends a request that is under way", async () => {
    const asked = Promise.withResolvers<void>();
    const leaving = new AbortController();
    const fault: Fault = () => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const work = fetchRows({ fault }, [A], leaving.signal);
    await asked.promise;
    leaving.abort(new Error("no longer wanted"));
    await expect(work).rejects.toThrow("no longer wanted");
  });

  test("ends a wait", async () => {
    const leaving = new AbortController();
    const clock: Clock = {
      now: () => 0,
      monotonic: () => 0,
      after(delayMs) {
        if (delayMs < 60_000) queueMicrotask(() => leaving.abort(new Error("no longer wanted")));
        return () => undefined;
      },
    };
    const fault: Fault = () => new Response("", { status: 500 });
    const work = fetchRows({ fault, clock, limits: { backOffMs: 1000 } }, [A], leaving.signal);
    await expect(work).rejects.toThrow("no longer wanted");
  });

  test("one request that fails calls off the others", async () => {
    const fault: Fault = ({ path }) =>
      path === "/a" ? new Response("", { status: 404 }) : new Promise(() => undefined);
    const requests = [{ path: "/b", query: {} }, A];
    expect((await faultOf(fetchRows({ fault }, requests))).message).toContain("/a answered 404");
  });
});
