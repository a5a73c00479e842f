import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type BatchServer, startServer } from "./server";
import { FIVE } from "./support";

let server: BatchServer;
beforeAll(() => {
  server = startServer();
});
afterAll(() => server.stop());

const post = (path: string, body: unknown, init?: RequestInit) => server.post(path, body, init);

describe("requests beyond their limits are refused by field", () => {
  const cases: [path: string, body: unknown, loc: (string | number)[]][] = [
    ["batch", { scenarios: [] }, ["body", "scenarios"]],
    ["batch", { scenarios: [{ rbp: [1, 2] }], forecast_length_days: 3 }, ["body", "scenarios", 0, "rbp"]],
    ["batch", { scenarios: [{ forecast_length_days: 3 }] }, ["body", "scenarios", 0]],
    ["batch", { scenarios: [{ fip81: true }], gamma: 0.9 }, ["body", "scenarios", 0, "gamma"]],
    ["batch", { scenarios: new Array(1001).fill({}) }, ["body", "scenarios"]],
    ["batch", { scenarios: new Array(1000).fill({}), output: [...FIVE] }, ["body", "output"]],
    ["sweep", {}, ["body", "axes"]],
    ["sweep", { axes: { rbp: { low: 3, high: 1 } } }, ["body", "axes", "rbp"]],
    ["sweep", { axes: { sector_duration_days: { low: 0, high: 9 } } }, ["body", "axes", "sector_duration_days"]],
    ["sweep", { axes: { rain: { low: 1, high: 2 } } }, ["body", "axes"]],
    [
      "sweep",
      {
        axes: { rbp: { low: 1, high: 2, steps: 1000 }, rr: { low: 0, high: 1, steps: 1000 }, fpr: { values: [0, 1] } },
      },
      ["body", "axes"],
    ],
    ["sweep", { axes: { rbp: { values: [1] } }, method: "latin_hypercube" }, ["body", "axes", "rbp"]],
    ["sweep", { axes: { rbp: { low: 1, high: 2 } }, at_days: [30], forecast_length_days: 30 }, ["body", "at_days"]],
    ["sweep", { axes: { rbp: { low: 1, high: 2 } }, step_days: 1 }, ["body", "step_days"]],
    ["sweep", { axes: { rbp: { low: 1, high: 2 } }, keep_runs: [5] }, ["body", "keep_runs"]],
    ["monte-carlo", { runs: 100_001 }, ["body", "runs"]],
    ["monte-carlo", { seed: -1 }, ["body", "seed"]],
    [
      "monte-carlo",
      { output: new Array(17).fill("days").map((_, i) => ["days", "network_time"][i % 2]), runs: 0 },
      ["body", "runs"],
    ],
    [
      "monte-carlo",
      { distributions: { rbp: { kind: "triangular", low: 1, mode: 5, high: 2 } } },
      ["body", "distributions", "rbp"],
    ],
    ["monte-carlo", { runs: 100_000, at_days: [1, 2, 3, 4, 5] }, ["body", "output"]],
    ["monte-carlo", { output: [] }, ["body", "output"]],
    ["sensitivity", { ranges: {} }, ["body", "ranges"]],
    ["sensitivity", { ranges: { rbp: { low: 1, high: 2 } }, samples: 100 }, ["body", "samples"]],
    ["policies", {}, ["body"]],
    ["backtest", { horizons_days: [1000] }, ["body", "horizons_days"]],
    ["backtest", { output: ["1y_sector_roi"] }, ["body", "output"]],
    ["backtest", { anchors: 61 }, ["body", "anchors"]],
  ];
  for (const [path, body, loc] of cases) {
    test(`${path}: ${JSON.stringify(body).slice(0, 90)}`, async () => {
      const answer = await post(path, body);
      const { detail } = await answer.json();
      expect([answer.status, detail[0].loc]).toEqual([422, loc]);
      expect(detail[0].msg.length).toBeGreaterThan(10);
    });
  }

  test("a format that does not fit, a body that is no JSON, an unknown query", async () => {
    expect((await post("sweep?format=xml", {})).status).toBe(422);
    expect(
      (
        await post("sensitivity?format=binary", {
          ranges: { rbp: { low: 1, high: 2 } },
          samples: 16,
          forecast_length_days: 10,
        })
      ).status,
    ).toBe(422);
    const broken = await post("sweep", "{");
    expect([broken.status, (await broken.json()).detail[0].type]).toEqual([422, "json_invalid"]);
    expect((await post("sweep", " ".repeat(1_000_001))).status).toBe(413);
  });
});

describe("a caller who hangs up", () => {
  const idle = async () => {
    const deadline = performance.now() + 2000;
    for (;;) {
      const { running, waiting } = server.pool.load();
      if (running + waiting === 0) return true;
      if (performance.now() > deadline) return false;
      await Bun.sleep(5);
    }
  };
  const endless = { runs: 100_000, seed: 3 };

  test("stops the work of a stream: the pool is idle again, and takes the next request", async () => {
    const hangingUp = new AbortController();
    const answer = await post("monte-carlo", endless, {
      headers: { accept: "text/event-stream" },
      signal: hangingUp.signal,
    });
    const reader = answer.body!.getReader();
    await reader.read();
    expect(server.pool.load().running).toBeGreaterThan(0);
    hangingUp.abort();
    expect(await idle()).toBe(true);
    const next = await post("monte-carlo", { runs: 10, forecast_length_days: 10 });
    expect((await next.json()).runs.done).toBe(10);
  });

  test("stops the work of a plain answer", async () => {
    const hangingUp = new AbortController();
    const answer = post("monte-carlo", endless, { signal: hangingUp.signal }).catch(() => "hung up");
    while (server.pool.load().running === 0) await Bun.sleep(1);
    hangingUp.abort();
    expect(await answer).toBe("hung up");
    expect(await idle()).toBe(true);
  });

  test("makes room for those who were told to wait", async () => {
    const hangingUp = new AbortController();
    const init = { headers: { accept: "text/event-stream" }, signal: hangingUp.signal };
    const first = await post("monte-carlo", endless, init);
    await first.body!.getReader().read();
    const refused = await post("monte-carlo", { runs: 10 });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await refused.json()).detail).toContain("the limits are 5 s");
    hangingUp.abort();
    expect(await idle()).toBe(true);
    expect((await post("monte-carlo", { runs: 10, forecast_length_days: 10 })).status).toBe(200);
  });
});
