import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { forecastAnswer } from "../../../../src/systems/forecasting/native/schema/answer";
import { run, type Served } from "../../../support/program";
import { post, serveModels } from "./support";

setDefaultTimeout(60_000);

let served: Served;
beforeAll(async () => {
  served = await serveModels(["tiny20"]);
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  await rm(served.dataDir, { recursive: true });
});

const forecast = async (body: unknown) => {
  const { status, body: answer } = await post(served, "/api/v1/forecast", body);
  expect([status, answer.detail]).toEqual([200, undefined]);
  return forecastAnswer.parse(answer);
};
const refusal = async (body: unknown) => {
  const { status, body: answer } = await post(served, "/api/v1/forecast", body);
  return [status, answer.detail];
};
const codes = ({ warnings }: { warnings: { code: string }[] }) => warnings.map(({ code }) => code);
const monthly = Array.from({ length: 48 }, (_, t) => 100 + t + 20 * Math.sin((t * Math.PI) / 6) + ((t * 7) % 5));

describe("a forecast of series", () => {
  test("has dates by the calendar, a point, quantiles by their levels, and what it can be had again by", async () => {
    const answer = await forecast({
      series: [{ id: "shop", values: monthly, start: "2020-01-31", freq: "M" }],
      horizon: 3,
      quantiles: [0.1, 0.30000000000000004, 0.9],
    });
    const [one] = answer.forecasts;
    expect(one).toMatchObject({ id: "shop", dates: ["2024-01-31", "2024-02-29", "2024-03-31"] });
    expect(Object.keys(one!.quantiles)).toEqual(["0.1", "0.3", "0.9"]);
    for (let step = 0; step < 3; step++) {
      const row = ["0.1", "0.3", "0.9"].map((level) => one!.quantiles[level]![step]!);
      expect(row).toEqual(row.toSorted((a, b) => a - b));
    }
    expect(answer).toMatchObject({ model: "ensemble", warnings: [], stamp: { family: "statistical", digest: null } });
  });

  test("is of one season where no horizon is asked for, and says so", async () => {
    const answer = await forecast({ series: [{ values: monthly, start: "2020-01-01", freq: "MS" }] });
    expect([answer.forecasts[0]!.point.length, codes(answer)]).toEqual([12, ["default_horizon"]]);
  });

  test("takes null and the words for what is no number as missing", async () => {
    const values = [...monthly, null, "NaN", 150];
    const answer = await forecast({ model: "drift", series: [{ values }], horizon: 1 });
    expect(answer.forecasts[0]!.point[0]).toBeCloseTo(150 + (150 - monthly[0]!) / 50, 9);
  });

  test("keeps what is never below 0 from going there, unless it is told not to", async () => {
    const values = [9, 7, 5, 3, 1];
    const held = await forecast({ model: "drift", series: [{ values }], horizon: 3 });
    expect([held.forecasts[0]!.point, codes(held)]).toEqual([[0, 0, 0], ["clipped"]]);
    const free = await forecast({ model: "drift", series: [{ values }], horizon: 3, options: { non_negative: false } });
    expect(free.forecasts[0]!.point).toEqual([-1, -3, -5]);
  });

  test.each([
    ["2024-01", "MS", ["2024-04", "2024-05"]],
    ["2024-01-01T00:00:00Z", "MS", ["2024-04-01T00:00:00Z", "2024-05-01T00:00:00Z"]],
    ["01.01.2024", "MS", ["01.04.2024", "01.05.2024"]],
    ["2024-01-01", "W-MON", ["2024-01-22", "2024-01-29"]],
    ["2024-02-28", "B", ["2024-03-04", "2024-03-05"]],
    ["2024-01-30", "M", ["2024-04-30", "2024-05-30"]],
    ["2024-01-01T10:00", "15min", ["2024-01-01T10:45", "2024-01-01T11:00"]],
    ["2024-03-31", "Q", ["2024-12-31", "2025-03-31"]],
  ])("that starts at %s in steps of %s has dates in that form", async (start, freq, dates) => {
    const answer = await forecast({ model: "drift", series: [{ values: [1, 2, 3], start, freq }], horizon: 2 });
    expect(answer.forecasts[0]!.dates).toEqual(dates);
  });

  test("of 39 weeks has no season of a year, and says so", async () => {
    const values = Array.from({ length: 39 }, (_, t) => t + 1);
    const answer = await forecast({ model: "seasonal_naive", series: [{ values, freq: "W" }], horizon: 3 });
    expect([answer.forecasts[0]!.point, codes(answer)]).toEqual([[39, 39, 39], ["season_too_long"]]);
  });

  test("of one to four points, or of points that never change, is finite, ordered and told", async () => {
    for (const model of ["ensemble", "auto_ets", "theta", "seasonal_naive", "drift", "auto"]) {
      const series = [[5], [5, 6], [5, 6, 7], [10, 12, 11, 13], Array(30).fill(42)].map((values) => ({ values }));
      const options = { non_negative: false };
      const answer = await forecast({ model, series, horizon: 3, quantiles: [0.1, 0.9], options });
      for (const { point, quantiles } of answer.forecasts) {
        for (const [step, value] of point.entries()) {
          const row = [quantiles["0.1"]![step]!, value!, quantiles["0.9"]![step]!];
          expect(row.every(Number.isFinite) && row[0]! <= row[2]!).toBe(true);
        }
      }
      expect(answer.forecasts[4]).toMatchObject({ point: [42, 42, 42], quantiles: { "0.1": [42, 42, 42] } });
      expect(new Set(codes(answer))).toEqual(new Set(["short_history", "constant_series"]));
    }
  });

  test("of many series keeps their order, and each gets what it gets alone", async () => {
    const series = Array.from({ length: 300 }, (_, index) => ({
      id: index,
      values: monthly.map((value) => value * (1 + index)),
    }));
    const together = await forecast({ model: "theta", series, horizon: 2 });
    expect(together.forecasts.map(({ id }) => id)).toEqual(series.map(({ id }) => String(id)));
    const alone = await forecast({ model: "theta", series: [series[250]], horizon: 2 });
    expect(together.forecasts[250]).toEqual(alone.forecasts[0]!);
  });
});

describe("levels of a model with heads", () => {
  const series = [{ values: monthly }];

  test("between its heads lie on a line, which is told", async () => {
    const answer = await forecast({ model: "tiny20", series, horizon: 2, quantiles: [0.1, 0.15, 0.2] });
    const { "0.1": low, "0.15": between, "0.2": high } = answer.forecasts[0]!.quantiles;
    expect(between![0]).toBeCloseTo((low![0]! + high![0]!) / 2, 9);
    expect(codes(answer)).toEqual(["levels_interpolated"]);
  });

  test("beyond them are refused, or made of past errors where that is asked for", async () => {
    const body = { model: "tiny20", series, horizon: 2, quantiles: [0.05, 0.5, 0.95] };
    expect(await refusal(body)).toEqual([422, expect.stringContaining("has no quantile at 0.05; it has 0.1 to 0.9")]);
    const answer = await forecast({ ...body, options: { calibrate: true } });
    const { "0.05": low, "0.5": middle, "0.95": high } = answer.forecasts[0]!.quantiles;
    expect(low![0]!).toBeLessThan(middle![0]!);
    expect(high![0]!).toBeGreaterThan(middle![0]!);
    expect(codes(answer)).toEqual(["levels_calibrated"]);
  });

  test("full is the model's own output, and a horizon beyond one run is told", async () => {
    const answer = await forecast({ model: "tiny20", series, horizon: 130, options: { full: true } });
    const { full, quantiles } = answer.forecasts[0]!;
    expect([full!.length, full![0]!.length]).toEqual([130, 10]);
    // Column 0 is the mean; the heads follow.
    expect(full![0]).toContain(quantiles["0.1"]![0]!);
    expect(codes(answer)).toEqual(["horizon_beyond_model"]);
  });
});

describe("covariates", () => {
  const promo = Array.from({ length: 43 }, (_, t) => (t % 3 === 0 ? 1 : 0));
  const values = promo.slice(0, 40).map((on) => 10 + 5 * on);

  test("give what they explain of every step, with any model, the horizon being as long as they are", async () => {
    for (const model of ["ensemble", "seasonal_naive", "tiny20"]) {
      const answer = await forecast({ model, series: [{ values, dynamic_numerical: { promo } }] });
      const { point, xreg } = answer.forecasts[0]!;
      for (const [step, value] of point.entries()) expect(value).toBeCloseTo(10 + 5 * promo[40 + step]!, 3);
      const [share] = xreg!.shares["promo"]!;
      const [other] = xreg!.shares["promo"]!.slice(1);
      expect(Math.abs(share! - other!)).toBeCloseTo(promo[40] === promo[41] ? 0 : 5, 6);
    }
  });

  test("without values for the horizon are refused by name and step, or hold the last one", async () => {
    const series = [
      { id: "a", values, start: "2024-01-01", freq: "D", dynamic_numerical: { promo: promo.slice(0, 41) } },
    ];
    const body = { model: "drift", series, horizon: 3 };
    const named = "Series a, covariate promo: the horizon has no value at 2024-02-11, 2024-02-12.";
    expect(await refusal(body)).toEqual([422, expect.stringContaining(named)]);
    const answer = await forecast({ ...body, options: { future: "hold" } });
    expect(codes(answer)).toEqual(["covariate_held"]);
  });

  test("can be made of the dates: weekdays and holidays", async () => {
    // 2024-01-01 is a Monday; weekends sell twice, a holiday nothing.
    const daily = Array.from({ length: 70 }, (_, t) => (t === 24 || t === 52 ? 0 : t % 7 >= 5 ? 20 : 10));
    const answer = await forecast({
      model: "drift",
      series: [{ values: daily, start: "2024-01-01", freq: "D" }],
      horizon: 7,
      options: { calendar: ["weekday"], holidays: ["2024-01-25", "2024-02-22", "2024-03-14"] },
    });
    const rounded = answer.forecasts[0]!.point.map((value) => Math.round(value!));
    expect(rounded).toEqual([10, 10, 10, 0, 10, 20, 20]);
    expect(Object.keys(answer.forecasts[0]!.xreg!.shares).sort()).toEqual(["holiday", "weekday"]);
  });

  test("of which one series has none are refused", async () => {
    const series = [{ values, dynamic_numerical: { promo } }, { values }];
    expect(await refusal({ model: "drift", series })).toEqual([
      422,
      expect.stringContaining("Series 1 has no covariates"),
    ]);
  });
});

describe("a file", () => {
  test("in the request is read with every guess told, and its empty tail is the horizon", async () => {
    const csv = `date,sales\n2024-01-01,5\n2024-02-01,7\n2024-03-01,6\n2024-04-01,8\n2024-05-01,\n`;
    const answer = await forecast({ model: "drift", data: { csv } });
    expect(answer.forecasts[0]).toMatchObject({ dates: ["2024-05-01"], point: [9] });
    expect(answer.data!.read).toMatchObject({ time: "date", target: "sales", step: "monthly", rows: 5 });
  });

  test("whose last rows have covariates and no target is forecast by them", async () => {
    const rows = Array.from({ length: 40 }, (_, t) => `${t + 1},${t % 3 === 0 ? 15 : 10},${t % 3 === 0 ? 1 : 0}`);
    const csv = ["t,y,promo", ...rows, "41,,1", "42,,0", "43,,1", ""].join("\n");
    const answer = await forecast({ model: "drift", data: { csv } });
    const { point, dates, xreg } = answer.forecasts[0]!;
    expect(point.map((value) => Math.round(value! * 1e6) / 1e6)).toEqual([15, 10, 15]);
    expect([dates, Object.keys(xreg!.shares)]).toEqual([["41", "42", "43"], ["promo"]]);
  });

  test("with a word where a number belongs is refused with row and column", async () => {
    const told = "Row 3, column y: `n/k` is not a number";
    expect(await refusal({ data: { csv: "y\n12\n13\nn/k\n15\n" } })).toEqual([422, expect.stringContaining(told)]);
  });
});

describe("what does not do is refused with a sentence", () => {
  const series = [{ values: [1, 2, 3] }];

  test.each([
    [422, "The body is no JSON", undefined],
    [422, "Give series, or data", {}],
    [422, "series.0.values.1: expected a number", { series: [{ values: [1, "x"] }] }],
    [422, "Series a has no value", { series: [{ id: "a", values: [null, null] }] }],
    [422, "horizon", { series, horizon: 0 }],
    [422, 'freq "fortnight" is none of', { series: [{ values: [1], start: "2024-01-01", freq: "fortnight" }] }],
    [
      422,
      "start 2024-01-02 is not on the step W-MON",
      { series: [{ values: [1], start: "2024-01-02", freq: "W-MON" }] },
    ],
    [422, "has a start and no step", { series: [{ values: [1], start: "2024-01-02" }] }],
    [422, "Unrecognized key", { series, horizn: 3 }],
    [404, "There is no model nobody/nothing here", { series, model: "nobody/nothing" }],
  ] as const)("%i %s", async (status, sentence, body) => {
    expect(await refusal(body)).toEqual([status, expect.stringContaining(sentence)]);
  });

  test("a key with a token of its own that asks too often", async () => {
    const options = { env: { DATA_DIR: served.dataDir } };
    const { out } = await run(["token", "--system", "forecasting", "shop", "--per-minute", "2"], options);
    const headers = { authorization: `Bearer ${out.trim()}` };
    const asked = () => post(served, "/api/v1/forecast", { series, horizon: 1 }, headers);
    const answers = [await asked(), await asked(), await asked(), await asked(), await asked()];
    const refused = answers.find(({ status }) => status === 429)!;
    // Of five requests in two minutes at most four are let in.
    expect([answers[0]!.status, refused.status]).toEqual([200, 429]);
    expect(refused.body).toMatchObject({
      error: "rate_limit_exceeded",
      detail: expect.stringContaining("2 per 1 minute"),
    });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("a caller without the key, or with another one", async () => {
    const asked = (headers: Record<string, string>) => post(served, "/api/v1/forecast", { series }, headers);
    expect((await asked({})).status).toBe(401);
    expect((await asked({ authorization: "Bearer no" })).body).toEqual({ detail: "Invalid API key" });
    expect((await asked({ "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await asked({ "sec-fetch-site": "cross-site" })).status).toBe(401);
  });
});
