import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { KNOWN_API_KEY } from "../../../src/systems/forecasting";
import { type Served, serve } from "../../support/program";
import { type Caller, newUser } from "./support";

setDefaultTimeout(60_000);

let server: Served;
let user: Caller;
beforeAll(async () => {
  server = await serve(["--only", "filecoin,market,chain,forecasting,jobs,epistemix"], {
    env: { JOBS_CONCURRENCY: "2" },
  });
  user = await newUser(server.url);
});
afterAll(() => server.stop());

interface Listed {
  type: string;
  example: object;
  available: boolean;
  reason: string | null;
}

async function listed(): Promise<Listed[]> {
  return (await user.call<{ simulations: Listed[] }>("GET", "/handlers")).body.simulations;
}

async function resultOf<T>(type: string, parameters: object): Promise<T> {
  const id = await user.submit(type, parameters);
  await user.reaches(id, "COMPLETED");
  return (await user.call<{ result: T }>("GET", `/simulations/${id}/result`)).body.result;
}

test("every type that is listed runs its own example; those that cannot run say why", async () => {
  const all = await listed();
  const [ready, missing] = [all.filter(({ available }) => available), all.filter(({ available }) => !available)];
  expect(ready.map(({ type }) => type)).toEqual([
    "filecoin_forecast",
    "filecoin_monte_carlo",
    "filecoin_sensitivity",
    "filecoin_sweep",
    "fred_run",
    "monte_carlo",
    "seir",
    "selftest",
    "timesfm_backtest",
    "timesfm_forecast",
    "xenblocks_market",
  ]);
  expect(missing).toEqual([]);
  for (const { type, example } of ready) expect(await resultOf<object>(type, example)).toBeObject();
});

test("types of systems that are left out say so, and fail when they are submitted", async () => {
  const alone = await serve(["--only", "jobs"]);
  try {
    const caller = await newUser(alone.url);
    const { simulations } = (await caller.call<{ simulations: Listed[] }>("GET", "/handlers")).body;
    const missing = simulations.filter(({ available }) => !available);
    expect(missing.map(({ type }) => type).sort()).toEqual(["fred_run", "timesfm_backtest", "timesfm_forecast"]);
    for (const { reason } of missing) expect(reason).toContain("left out here");
    const job = await caller.reaches(await caller.submit("fred_run", {}), "FAILED");
    expect(job.error).toMatchObject({ code: "NO_HANDLER", message: expect.stringContaining("left out here") });
  } finally {
    await alone.stop();
  }
});

test("a FRED model is run as a job, and what is wrong with one ends the job with its place", async () => {
  interface Figures {
    dates: string[];
    conditions: { name: string; states: { name: string; count: number[]; cumulative: number[] }[] }[];
  }
  const days = { locations: ["Loving_County_TX"], start_date: "2020-01-01", end_date: "2020-01-03" };
  const model = "condition C { start_state = A\n state A { wait(30)\n next(B) }\n state B { wait() } }";
  const { dates, conditions } = await resultOf<Figures>("fred_run", { model, ...days, seed: "18446744073709551615" });
  expect(dates).toEqual(["2020-01-01", "2020-01-02", "2020-01-03"]);
  expect(conditions[0]!.states.map(({ name, count }) => [name, count])).toEqual([
    ["Excluded", [0, 0, 0]],
    ["A", [82, 0, 0]],
    ["B", [0, 82, 82]],
  ]);
  const id = await user.submit("fred_run", { model: "condition C { state A { wiat(1) } }", ...days });
  const { error } = await user.reaches(id, "FAILED");
  expect(error).toMatchObject({ message: expect.stringContaining("main.fred:1:25: there is no action wiat") });
});

describe("monte_carlo", () => {
  interface Estimate {
    output: { estimate: number; std_error: number; ci95: [number, number]; quantiles?: Record<string, number> };
    statistics: { iterations: number; seed: number };
  }

  test("finds pi by darts, and equal seeds give equal output", async () => {
    const [a, b] = [
      await resultOf<Estimate>("monte_carlo", { iterations: 200_000, seed: 11 }),
      await resultOf<Estimate>("monte_carlo", { iterations: 200_000, seed: 11 }),
    ];
    expect(a.output).toEqual(b.output);
    expect(Math.abs(a.output.estimate - Math.PI)).toBeLessThan(5 * a.output.std_error);
    expect(a.output.std_error).toBeCloseTo(Math.sqrt((Math.PI * (4 - Math.PI)) / 200_000), 4);
    expect(a.statistics).toEqual({ iterations: 200_000, seed: 11 });
  });

  // Means of the distributions as their definitions give them.
  const means: [distribution: object, mean: number, sd: number][] = [
    [{ distribution: "normal", mean: 3, sd: 2 }, 3, 2],
    [{ distribution: "lognormal", mu: 0.5, sigma: 0.3 }, Math.exp(0.5 + 0.045), 0.54],
    [{ distribution: "uniform", low: -1, high: 5 }, 2, 6 / Math.sqrt(12)],
    [{ distribution: "triangular", low: 0, mode: 1, high: 5 }, 2, 1.08],
    [{ distribution: "beta", alpha: 2, beta: 6 }, 0.25, 0.15],
    [{ distribution: "beta", alpha: 0.5, beta: 0.5 }, 0.5, 0.36],
    [{ distribution: "poisson", mean: 75 }, 75, Math.sqrt(75)],
  ];
  test.each(means)("draws %j with its mean", async (distribution, mean, sd) => {
    const config = { variables: { x: distribution }, expression: "x" };
    const { output } = await resultOf<Estimate>("monte_carlo", { iterations: 100_000, seed: 5, config });
    expect(Math.abs(output.estimate - mean)).toBeLessThan(5 * output.std_error);
    expect(output.std_error * Math.sqrt(100_000)).toBeCloseTo(sd, 1);
  });

  const expressions: [expression: string, value: number][] = [
    ["2 + 3 * 4", 14],
    ["-2 ^ 2", -4],
    ["2 ^ 3 ^ 2", 512],
    ["(1 - 2) / -4", 0.25],
    ["min(3, max(1, 2)) + sqrt(abs(-9)) * 1e1", 32],
    ["exp(log(pi)) - pi + x", 7],
  ];
  test.each(expressions)("%s is %p", async (expression, value) => {
    const config = { variables: { x: { distribution: "uniform", low: 7, high: 7 } }, expression };
    const { output } = await resultOf<Estimate>("monte_carlo", { iterations: 1, config });
    expect(output.estimate).toBeCloseTo(value, 12);
  });

  test.each(["x +", "y", "constructor", "x.y", "f(x)", "min(1)", "x; x", "(".repeat(60)])(
    "%s is refused",
    async (expression) => {
      const config = { variables: { x: { distribution: "uniform", low: 0, high: 1 } }, expression };
      const answer = await user.call("POST", "/simulations", {
        simulation_type: "monte_carlo",
        parameters: { config },
      });
      expect(answer.status).toBe(422);
      expect(JSON.stringify(answer.body)).toContain("expression");
    },
  );
});

describe("seir", () => {
  interface Epidemic {
    curves: Record<string, Record<string, number[]>>;
    attack_rate: { p50: number };
    peak_day: { p50: number };
    r0: number;
  }

  test("has as many people on each day as there are, and the final size that theory gives", async () => {
    const parameters = { population: 100_000, beta: 0.3, gamma: 0.1, sigma: 0.25, days: 400, replicates: 60, seed: 3 };
    const epidemic = await resultOf<Epidemic>("seir", { ...parameters, initial_infectious: 50 });
    expect(epidemic.r0).toBeCloseTo(3, 12);
    // z = 1 - exp(-R0 z) for R0 = 3 (W. Kermack, A. McKendrick, 1927).
    expect(epidemic.attack_rate.p50).toBeCloseTo(0.9405, 2);
    expect(epidemic.curves["recovered"]!["p50"]!.at(-1)! / parameters.population).toBeCloseTo(0.9405, 2);
    expect(epidemic.peak_day.p50).toBeWithin(40, 120);
  });

  test("is held down by fewer contacts and by vaccination", async () => {
    const base = { population: 20_000, beta: 0.4, days: 300, replicates: 40, seed: 3 };
    const plain = await resultOf<Epidemic>("seir", base);
    const apart = await resultOf<Epidemic>("seir", { ...base, contact_schedule: [{ from_day: 10, factor: 0.2 }] });
    const immune = await resultOf<Epidemic>("seir", {
      ...base,
      vaccination: { start_day: 1, per_day: 500, efficacy: 0.9 },
    });
    expect(apart.attack_rate.p50).toBeLessThan(plain.attack_rate.p50 / 5);
    expect(immune.attack_rate.p50).toBeLessThan(plain.attack_rate.p50 / 2);
  });
});

describe("xenblocks_market", () => {
  interface Flow {
    fill_rate: number;
    filled: number;
    refusals: Record<string, number>;
    volume_xnm: number;
    fees_xnm: number;
    payouts: { worker_id: string; leases: number; payout: number }[];
  }

  test("gives an order the cheapest worker that is free, and bills by the second", async () => {
    const flow = await resultOf<Flow>("xenblocks_market", {
      workers: [
        { worker_id: "dear", price_per_min: 2 },
        { worker_id: "cheap", price_per_min: 1 },
      ],
      orders: [
        { at_sec: 0, duration_sec: 600 },
        { at_sec: 10, duration_sec: 90 },
        { at_sec: 20, duration_sec: 60 },
        { at_sec: 700, duration_sec: 60, max_price_per_min: 0.5 },
        { at_sec: 800, duration_sec: 100_000 },
      ],
      early_end_share: 0,
    });
    expect([flow.filled, flow.fill_rate]).toEqual([2, 0.4]);
    expect(flow.refusals).toEqual({ "no free worker": 1, "price above limit": 1, "duration above maximum": 1 });
    expect(flow.payouts).toEqual([
      { worker_id: "dear", leases: 1, payout: 2.85, price_per_min: 2 } as never,
      { worker_id: "cheap", leases: 1, payout: 9.5, price_per_min: 1 } as never,
    ]);
    expect(flow.volume_xnm).toBeCloseTo(13, 9);
    expect(flow.fees_xnm).toBeCloseTo(0.65, 9);
  });

  test("equal seeds give equal flows, whose payouts and fees are the volume", async () => {
    const parameters = { workers: { count: 30 }, orders: { count: 2000, hours: 48 }, seed: 9 };
    const [a, b] = [
      await resultOf<Flow>("xenblocks_market", parameters),
      await resultOf<Flow>("xenblocks_market", parameters),
    ];
    expect({ ...a, metrics: null }).toEqual({ ...b, metrics: null } as never);
    const paid = a.payouts.reduce((sum, { payout }) => sum + payout, 0);
    expect(paid + a.fees_xnm).toBeCloseTo(a.volume_xnm, 4);
  });
});

test("a sweep's bands are those that its own route answers with, and it tells how far it is", async () => {
  const body = {
    method: "latin_hypercube",
    runs: 64,
    seed: 3,
    forecast_length_days: 365,
    axes: { rbp: { low: 1, high: 10 } },
  };
  const direct = await fetch(`${server.url}/simulate/sweep`, { method: "POST", body: JSON.stringify(body) });
  const id = await user.submit("filecoin_sweep", body);
  await user.reaches(id, "COMPLETED");
  const { result } = (await user.call<{ result: { bands: unknown } }>("GET", `/simulations/${id}/result`)).body;
  expect(result.bands).toEqual(((await direct.json()) as { bands: unknown }).bands as never);
});

describe("timesfm_forecast and timesfm_backtest", () => {
  const values = Array.from({ length: 48 }, (_, index) => 100 + 10 * Math.sin((index * Math.PI) / 6) + index);
  const series = [
    { id: "a", values: [...values.slice(0, 5), null, ...values.slice(6)], start: "2020-01-01", freq: "MS" },
  ];

  test("answer as the routes of the service do, missing values and all", async () => {
    const request = { model: "theta", series, horizon: 3, quantiles: [0.1, 0.9] };
    const result = await resultOf<{ forecasts: unknown[]; model: string }>("timesfm_forecast", request);
    const answer = await fetch(`${server.url}/api/v1/forecast`, {
      method: "POST",
      headers: { authorization: `Bearer ${KNOWN_API_KEY}` },
      body: JSON.stringify(request),
    });
    expect(result).toEqual(await answer.json());
    expect(result.forecasts).toHaveLength(1);
  });

  test("judge models against seasonal naive, and refuse what the routes refuse", async () => {
    const request = { models: ["theta", "drift"], series, horizon: 3, windows: 2 };
    const { best, verdict } = await resultOf<{ best: string; verdict: string }>("timesfm_backtest", request);
    expect(["theta", "drift", "seasonal_naive"]).toContain(best);
    expect(verdict).toContain("MASE");
    const id = await user.submit("timesfm_forecast", { model: "nobody/nothing", series });
    expect((await user.reaches(id, "FAILED")).error).toMatchObject({ code: "INVALID_PARAMETERS" });
  });
});
