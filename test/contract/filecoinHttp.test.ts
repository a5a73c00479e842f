import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Served, serve } from "../support/program";
import { exchanges, type GoldenExchange, goldens } from "../systems/filecoin/model/goldenCase";

setDefaultTimeout(30_000);

/** Exchanges in which this server does better on purpose; docs/filecoin.md says how. */
const SUPERSEDED = new Set([
  "root",
  "nodata_health",
  "nodata_historical",
  "nodata_simulate",
  "err_vector_length",
  // Newer clients of the original ask POST /simulate/full, which is there.
  "err_404",
  "err_zero_days",
  "err_neg_days",
  "err_lock_vector",
  "err_nan",
]);

/** The first place at which the answer lacks or contradicts what the golden holds; numbers by the last kept decimal. */
function difference(golden: unknown, answer: unknown, place: string): string | undefined {
  if (typeof golden === "number" && typeof answer === "number") {
    const allowed = 0.0100001 + 1e-9 * Math.abs(golden);
    return Math.abs(golden - answer) <= allowed ? undefined : `${place}: ${golden} against ${answer}`;
  }
  if (Array.isArray(golden) && Array.isArray(answer)) {
    if (golden.length !== answer.length) return `${place}: ${golden.length} entries against ${answer.length}`;
    return firstOf(golden.map((entry, i) => difference(entry, answer[i], `${place}[${i}]`)));
  }
  if (golden !== null && typeof golden === "object" && answer !== null && typeof answer === "object") {
    const members = answer as Record<string, unknown>;
    return firstOf(Object.entries(golden).map(([name, value]) => difference(value, members[name], `${place}.${name}`)));
  }
  return Object.is(golden, answer)
    ? undefined
    : `${place}: ${JSON.stringify(golden)} against ${JSON.stringify(answer)}`;
}

const firstOf = (found: (string | undefined)[]) => found.find((entry) => entry !== undefined);

/** The addresses of pages about faults name versions of the original's libraries; they are not part of the contract. */
function contractOf({ body }: GoldenExchange<unknown>): unknown {
  const detail = (body as { detail?: unknown } | null)?.detail;
  if (!Array.isArray(detail)) return body;
  return { detail: detail.map(({ url: _, ...fault }) => fault) };
}

describe("the contract of the original server", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(["--only", "filecoin"], {
      env: {
        FILECOIN_KNOWN_TRIM: "server",
        FILECOIN_HISTORY_FILE: join(goldens, "history.json"),
      },
    });
  });
  afterAll(async () => expect(await served.stop()).toBe(0));

  for (const exchange of exchanges<unknown>().filter(({ name }) => !SUPERSEDED.has(name))) {
    const { name, request } = exchange;
    test(`${name}: ${request.method} ${request.path} answers as recorded`, async () => {
      const body = request.raw_body ?? (request.body === null ? null : JSON.stringify(request.body));
      const answer = await fetch(served.url + request.path, { method: request.method, body });
      expect(answer.status).toBe(exchange.status);
      const json: unknown = await answer.json();
      expect(difference(contractOf(exchange), json, name)).toBeUndefined();
    });
  }

  const post = (body: unknown, query = "", headers = {}) =>
    fetch(`${served.url}/simulate${query}`, { method: "POST", body: JSON.stringify(body), headers });

  test("a vector of the wrong length and a length below one day are refused with their field", async () => {
    for (const [body, field] of [
      [{ forecast_length_days: 3, rbp: [1, 2] }, "rbp"],
      [{ forecast_length_days: 0 }, "forecast_length_days"],
      [{ forecast_length_days: 3651 }, "forecast_length_days"],
      [{ sector_duration_days: 0 }, "sector_duration_days"],
    ] as const) {
      const answer = await post(body);
      expect(answer.status).toBe(422);
      expect((await answer.json()).detail[0].loc).toEqual(["body", field]);
    }
  });

  test("a lock target for each day works", async () => {
    const answer = await post({ forecast_length_days: 3, lock_target: [0.3, 0.2, 0.1], output: "circ_supply" });
    expect(answer.status).toBe(200);
  });

  test("what is not a number leaves as null, with a warning that says where and why", async () => {
    const answer = await post({ forecast_length_days: 400, rbp: 0, output: ["day_pledge_per_QAP"] });
    const { simulation_output: series, warnings } = await answer.json();
    expect(answer.status).toBe(200);
    expect(series.day_pledge_per_QAP).toContain(null);
    expect(warnings.at(-1)).toMatchObject({
      series: "day_pledge_per_QAP",
      reason: expect.stringContaining("no power"),
    });
  });

  test("newer clients find every day under paths of their own, dated, and what is nowhere is 404", async () => {
    const ask = async (path: string) => {
      const body = JSON.stringify({ forecast_length_days: 30, output: ["circ_supply"] });
      const init = { method: "POST", headers: { "content-type": "application/json" }, body };
      return (await fetch(`${served.url}${path}`, init)).json();
    };
    const full = await ask("/simulate/full");
    expect(full.simulation_output.circ_supply).toHaveLength(30);
    expect(full.input).toMatchObject({ sim_start_date: "2025-09-09", sim_end_date: "2025-10-08", timestep_days: 1 });
    const whole = await ask("/simulate/full-with-history");
    expect(whole.simulation_output.circ_supply).toHaveLength(1065 + 30);
    expect(whole.input).toMatchObject({ sim_start_date: "2022-10-10", sim_end_date: "2025-10-08" });
    expect(whole.simulation_output.circ_supply.slice(1065)).toEqual(full.simulation_output.circ_supply);
    const nowhere = await fetch(`${served.url}/simulate/nowhere`);
    expect([nowhere.status, await nowhere.json()]).toEqual([404, { detail: "Not Found" }]);
  });

  test("full precision and daily sampling keep what two decimals lose, with real dates", async () => {
    const output = ["day_rewards_per_sector"];
    const coarse = await (await post({ forecast_length_days: 30, output })).json();
    const fine = await (await post({ forecast_length_days: 30, output }, "?precision=full&sampling=daily")).json();
    expect(coarse.simulation_output.day_rewards_per_sector.every((value: number) => value === 0)).toBe(true);
    expect(fine.simulation_output.day_rewards_per_sector).toHaveLength(30);
    expect(fine.simulation_output.day_rewards_per_sector[0]).toBeGreaterThan(0);
    expect(fine.dates.forecast).toMatchObject({ step_days: 1, count: 30 });
  });

  test("CSV comes by query or by Accept, flat shape without a wrapper", async () => {
    const body = { forecast_length_days: 5, output: ["circ_supply"] };
    const byQuery = await post(body, "?format=csv&sampling=daily");
    const byHeader = await post(body, "?sampling=daily", { accept: "text/csv" });
    expect(byQuery.headers.get("content-type")).toStartWith("text/csv");
    const lines = (await byQuery.text()).trim().split("\n");
    expect(lines[0]).toBe("date,circ_supply");
    expect(lines).toHaveLength(6);
    expect((await byHeader.text()).trim().split("\n")).toEqual(lines);
    const flat = await (await post(body, "?shape=flat")).json();
    expect(Object.keys(flat)).toEqual(["circ_supply"]);
  });

  test("the last run is answered and kept as a file that a restart finds", async () => {
    await post({ forecast_length_days: 10, rbp: 7 });
    const latest = await (await fetch(`${served.url}/latest-simulation`)).json();
    expect(latest.setup).toMatchObject({ forecast_length_days: 10, rbp: 7, sector_duration_days: 540 });
    expect(Object.keys(latest.results)).toHaveLength(44);
    const { dataDir } = served;
    expect(await served.stop()).toBe(0);
    expect(JSON.parse(readFileSync(join(dataDir, "latest_simulation.json"), "utf8"))).toEqual(latest);
    served = await serve(["--only", "filecoin"], { dataDir });
    expect(await (await fetch(`${served.url}/latest-simulation`)).json()).toEqual(latest);
  });

  test("plots of the last run are PNG by series, as many as were asked for, and a page", async () => {
    await post({ forecast_length_days: 10 });
    const { plots } = await (await fetch(`${served.url}/latest-simulation/plots?max_plots=2`)).json();
    expect(Object.keys(plots)).toEqual(["rb_total_power_eib", "qa_total_power_eib"]);
    expect(Buffer.from(plots.qa_total_power_eib, "base64").subarray(1, 4).toString()).toBe("PNG");
    const page = await fetch(`${served.url}/latest-simulation/plots/html?max_plots=1`);
    expect(page.headers.get("content-type")).toStartWith("text/html");
    expect(await page.text()).toContain('alt="rb_total_power_eib"');
    expect((await fetch(`${served.url}/latest-simulation/plots?max_plots=0`)).status).toBe(422);
  });

  test("before the first run there is no last one, said with 404", async () => {
    const fresh = await serve(["--only", "filecoin"]);
    const answer = await fetch(`${fresh.url}/latest-simulation`);
    expect([answer.status, (await answer.json()).detail]).toEqual([404, expect.stringContaining("POST /simulate")]);
    await fresh.stop();
  });

  test("on a port of its own it is alone at the root and answers as the original", async () => {
    const alone = await serve(["--only", "filecoin"], { env: { FILECOIN_PORT: "0" } });
    const own = /"serving alone","system":"filecoin","url":"([^"]+)"/.exec(alone.err())?.[1];
    const health = await (await fetch(`${own}/health`)).json();
    expect(health).toMatchObject({ status: "healthy", version: "0.1.0", jax_backend: "cpu" });
    expect((await fetch(`${own}/api/system/status`)).status).toBe(404);
    await alone.stop();
  });
});
