import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { prepareEngine } from "../../../../src/systems/filecoin/model/engine";
import { scenarioFrom } from "../../../../src/systems/filecoin/scenario";
import { type BatchServer, startServer } from "./server";
import { FIVE, history, valuesOf } from "./support";

const engine = prepareEngine(history);
let server: BatchServer;
beforeAll(() => {
  server = startServer();
});
afterAll(() => server.stop());

const post = (path: string, body: unknown, init?: RequestInit) => server.post(path, body, init);
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into, member by member
const json = async (path: string, body: unknown): Promise<any> => {
  const answer = await post(path, body);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.json();
};
/** As these routes take it: with the rules in force. */
const scenario = (members: object) => scenarioFrom({ rules: "mainnet", ...members }, history.smoothed);

interface Event {
  name: string;
  data: string;
}
const eventsOf = (text: string): Event[] =>
  text
    .split("\n\n")
    .filter((block) => block !== "")
    .map((block) => ({ name: /^event: (.*)$/m.exec(block)![1]!, data: /^data: (.*)$/m.exec(block)![1]! }));

describe("a list of scenarios", () => {
  test("answers each scenario's series, daily for a year, and the bands", async () => {
    const body = {
      forecast_length_days: 365,
      rr: 0.7,
      scenarios: [{ rbp: 2 }, { rbp: 5, rr: null }],
      output: "circ_supply",
    };
    const { series, bands, stamp, dates, runs } = await json("batch", body);
    const days = Int32Array.from({ length: 365 }, (_, day) => day);
    for (const [i, rbp] of [2, 5].entries()) {
      const expected = valuesOf(engine, scenario({ forecast_length_days: 365, rr: 0.7, rbp }), "circ_supply", days);
      expect(series[i].series.circ_supply).toEqual(expected);
    }
    expect(bands.series.circ_supply.p50).toHaveLength(365);
    expect(dates.sampled).toEqual({ first_date: "2025-09-09", step_days: 1, count: 365 });
    expect(stamp).toEqual({ engine: "cpu-f64", model: 1, snapshot: engine.snapshotId });
    expect(runs).toEqual({ total: 2, done: 2 });
  });

  test("ten years are 522 entries or less, and the year that a return needs is null at the end", async () => {
    const { bands, dates } = await json("batch", { scenarios: [{}], output: ["1y_sector_roi"] });
    expect(dates.sampled).toMatchObject({ step_days: 7, count: 522 });
    expect(bands.series["1y_sector_roi"].p5[0]).toBeGreaterThan(0);
    expect(bands.series["1y_sector_roi"].p95[521]).toBeNull();
  });
});

describe("a sweep", () => {
  test("over a grid has every combination in order, with its values", async () => {
    const axes = { rr: { values: [0.5, 0.9] }, sector_duration_days: { low: 180, high: 360, steps: 3 } };
    const { points, runs, bands } = await json("sweep", {
      model: "schedule",
      forecast_length_days: 400,
      axes,
      at_days: [399, 10],
    });
    expect(runs.total).toBe(6);
    expect(points.days).toEqual([10, 399]);
    expect(points.inputs).toEqual({
      rr: [0.5, 0.5, 0.5, 0.9, 0.9, 0.9],
      sector_duration_days: [180, 270, 360, 180, 270, 360],
    });
    for (let run = 0; run < 6; run++) {
      const one = scenario({
        model: "schedule",
        forecast_length_days: 400,
        rr: points.inputs.rr[run],
        sector_duration_days: points.inputs.sector_duration_days[run],
      });
      for (const [d, day] of [10, 399].entries()) {
        expect(points.series.network_locked[d][run]).toBe(
          valuesOf(engine, one, "network_locked", Int32Array.of(day))[0],
        );
      }
    }
    expect(Object.keys(bands.series)).toEqual(FIVE);
  });

  test("over a Latin hypercube lies between the ends, the same for the same seed", async () => {
    const body = {
      forecast_length_days: 30,
      method: "latin_hypercube",
      runs: 50,
      axes: { rbp: { low: 1, high: 6 } },
      seed: 9,
    };
    const { points, stamp } = await json("sweep", body);
    const tenths = new Set(points.inputs.rbp.map((rbp: number) => Math.floor(10 * (rbp - 1))));
    expect(tenths.size).toBe(50);
    expect(stamp.seed).toBe(9);
    expect((await json("sweep", body)).points).toEqual(points);
    expect((await json("sweep", { ...body, seed: 10 })).points).not.toEqual(points);
  });
});

describe("runs by chance", () => {
  const body = { forecast_length_days: 200, runs: 150, seed: 4, output: ["circ_supply", "network_RBP_EIB"] };

  test("answer bands in order, the fit, and kept runs", async () => {
    const { bands, fit, series, points } = await json("monte-carlo", { ...body, keep_runs: [149] });
    const { p5, p25, p50, p75, p95 } = bands.series.network_RBP_EIB;
    for (let d = 1; d < 200; d++) {
      const inOrder = [p5[d], p25[d], p50[d], p75[d], p95[d]];
      expect(inOrder.toSorted((a, b) => a - b)).toEqual(inOrder);
      if (d > 5) expect(p95[d]).toBeGreaterThan(p5[d]);
    }
    expect(fit.weeks).toBe(152);
    expect(series[0]).toMatchObject({ run: 149 });
    expect(points).toBeUndefined();
  });

  test("a drawn input replaces its rate, and everything can be fixed", async () => {
    const still = { ...body, method: "none", at_days: [199] };
    const fixed = (await json("monte-carlo", still)).points.series.network_RBP_EIB[0];
    expect(new Set(fixed).size).toBe(1);
    const distributions = { rbp: { kind: "uniform", low: 1, high: 9 } };
    const drawn = (await json("monte-carlo", { ...still, distributions })).points.series.network_RBP_EIB[0];
    expect(new Set(drawn).size).toBe(150);
  });

  test("the same as CSV and as binary, by query or by Accept", async () => {
    const whole = await json("monte-carlo", body);
    const csv = await post("monte-carlo?format=csv", body);
    expect(csv.headers.get("content-type")).toStartWith("text/csv");
    const lines = (await csv.text()).trim().split("\n");
    expect(lines[0]).toBe(
      [
        "date",
        ...body.output.flatMap((name) => ["p5", "p25", "p50", "p75", "p95", "mean"].map((p) => `${name}_${p}`)),
      ].join(","),
    );
    expect(lines).toHaveLength(201);
    expect(lines[200]!.split(",")[0]).toBe("2026-03-27");
    expect(Number(lines[200]!.split(",")[3])).toBe(whole.bands.series.circ_supply.p50[199]);
    const accept = "application/octet-stream";
    const bytes = await (
      await post("monte-carlo", { ...body, at_days: [3], keep_runs: [2] }, { headers: { accept } })
    ).arrayBuffer();
    expect(new TextDecoder().decode(bytes.slice(0, 4))).toBe("FSB1");
    const headerBytes = new DataView(bytes).getUint32(4, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.slice(8, 8 + headerBytes)));
    const floats = new Float32Array(bytes, 8 + headerBytes);
    expect(header.blocks).toEqual([
      { name: "bands", shape: [2, 200, 5] },
      { name: "points", shape: [2, 1, 150] },
      { name: "series", shape: [1, 2, 200] },
      { name: "means", shape: [2, 200] },
    ]);
    expect(floats).toHaveLength(2 * 200 * 5 + 2 * 150 + 2 * 200 + 2 * 200);
    expect(floats.at(-1)! / whole.bands.series.network_RBP_EIB.mean[199]).toBeCloseTo(1, 6);
    expect(floats[(200 + 199) * 5 + 2]! / whole.bands.series.network_RBP_EIB.p50[199]).toBeCloseTo(1, 6);
    expect(header.stamp).toEqual(whole.stamp);
  });

  test("as events: progress and early bands, then the result that a plain answer is", async () => {
    const many = { ...body, runs: 3000, step_days: 50 };
    const answer = await post("monte-carlo", many, { headers: { accept: "text/event-stream" } });
    expect(answer.headers.get("content-type")).toStartWith("text/event-stream");
    const events = eventsOf(await answer.text());
    const names = events.map(({ name }) => name);
    expect(names.at(-1)).toBe("result");
    expect(names).toContain("bands");
    const early = JSON.parse(events.find(({ name }) => name === "bands")!.data);
    expect(early.runs.done).toBeLessThan(3000);
    expect(early.bands.series.circ_supply.p50).toHaveLength(4);
    expect(JSON.parse(events.at(-1)!.data)).toEqual(await json("monte-carlo", many));
  });
});

describe("sensitivity", () => {
  test("finds that raw power follows onboarding and renewal, and not the lock target", async () => {
    const ranges = { rbp: { low: 1, high: 8 }, rr: { low: 0.6, high: 0.9 }, lock_target: { low: 0.2, high: 0.4 } };
    const body = {
      forecast_length_days: 700,
      ranges,
      samples: 128,
      output: ["network_RBP_EIB", "day_network_reward"],
      at_days: [699],
    };
    const { effects, centres, runs, centre } = await json("sensitivity", body);
    expect(runs.total).toBe(128 * 5 + 7);
    const of = (input: string) =>
      effects.find(
        (effect: { series: string; input: string }) => effect.series === "network_RBP_EIB" && effect.input === input,
      );
    expect(of("rbp").rank_correlation).toBeGreaterThan(0.5);
    expect(of("rbp").first_order + of("rr").first_order).toBeCloseTo(1, 1);
    expect(of("lock_target")).toMatchObject({ total: 0, first_order: 0 });
    expect(Math.abs(of("lock_target").rank_correlation)).toBeLessThan(0.1);
    expect(of("rbp").at_high).toBeGreaterThan(of("rbp").at_low);
    const usual = scenario({ forecast_length_days: 700, lock_target: 0.3 });
    expect(centre.rbp).toBe(history.smoothed.rawBytePower);
    expect(centres[0]).toEqual({
      series: "network_RBP_EIB",
      day: 699,
      value: valuesOf(engine, usual, "network_RBP_EIB", Int32Array.of(699))[0],
    });
  });
});

describe("policies", () => {
  test("are shown before and after in one answer, with what they change", async () => {
    const body = {
      forecast_length_days: 800,
      fip100: true,
      fip81: { start: "2026-01-01" },
      output: ["circ_supply", "network_gas_burn"],
    };
    const { series, differences, points } = await json("policies", body);
    expect(series.map(({ name }: { name: string }) => name)).toEqual(["before", "after"]);
    const [change] = differences.network_gas_burn;
    expect(change.day).toBe(365);
    expect(change.change).toBeGreaterThan(0);
    expect(change.after - change.before).toBe(change.change);
    const without = scenario({ forecast_length_days: 800, fip81: false, fip100: false });
    expect(change.before).toBe(valuesOf(engine, without, "network_gas_burn", Int32Array.of(365))[0]);
    expect(points).toBeUndefined();
  });
});
