import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { backtestFile } from "../../../../src/systems/forecasting";
import { anomaliesAnswer, backtestAnswer } from "../../../../src/systems/forecasting/native/schema/answer";
import type { Served } from "../../../support/program";
import { AUTHORIZED, post, serveModels } from "./support";

setDefaultTimeout(60_000);

let served: Served;
beforeAll(async () => {
  served = await serveModels(["tiny20"]);
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  await rm(served.dataDir, { recursive: true });
});

const wave = (count: number) =>
  Array.from({ length: count }, (_, t) => 50 + 10 * Math.sin((t * Math.PI) / 6) + ((t * 7) % 5));

describe("a backtest", () => {
  const backtest = async (body: unknown) => {
    const { status, body: answer } = await post(served, "/api/v1/backtest", body);
    expect([status, answer.detail]).toEqual([200, undefined]);
    return backtestAnswer.parse(answer);
  };

  test("of 60 points, 3 windows of 10, cuts after 30, 40 and 50 points, and tells the best model in words", async () => {
    const answer = await backtest({
      models: ["theta", "tiny20"],
      series: [{ id: "a", values: wave(60), start: "2024-01-01", freq: "D" }],
      horizon: 10,
      windows: 3,
    });
    expect(answer.results.map(({ model }) => model)).toEqual(["theta", "tiny20", "seasonal_naive"]);
    for (const { series } of answer.results) {
      const { windows } = series[0]!;
      expect(windows.map(({ cutoff }) => cutoff)).toEqual([30, 40, 50]);
      expect(windows[0]).toMatchObject({ cutoff_date: "2024-01-30" });
      expect(windows.every(({ point, quantiles }) => point.length === 10 && quantiles["0.9"]!.length === 10)).toBe(
        true,
      );
    }
    expect(answer.verdict).toMatch(/^MASE [\d.]+; seasonal naive [\d.]+: \d+ % (better|worse); the band held \d+ %\.$/);
    const errors = answer.results.map(({ model, metrics }) => [model, metrics.mase!] as const);
    expect(answer.best).toBe(errors.toSorted(([, a], [, b]) => a - b)[0]![0]);
  });

  test("does not know what came: other last values change no forecast of earlier windows", async () => {
    const changed = [...wave(60).slice(0, 50), ...Array(10).fill(1000)];
    const body = { models: ["ensemble"], horizon: 10, windows: 3 };
    const [before, after] = [
      await backtest({ ...body, series: [{ values: wave(60) }] }),
      await backtest({ ...body, series: [{ values: changed }] }),
    ];
    const earlier = (answer: typeof before) => answer.results.map(({ series }) => series[0]!.windows.slice(0, 2));
    expect(earlier(after)).toEqual(earlier(before));
    expect(after.results[0]!.metrics.mae).toBeGreaterThan(before.results[0]!.metrics.mae!);
  });

  test("knows the covariates of its windows", async () => {
    const promo = Array.from({ length: 40 }, (_, t) => (t % 3 === 0 ? 1 : 0));
    const values = promo.map((on) => 10 + 5 * on);
    const answer = await backtest({
      models: ["drift"],
      series: [{ values, dynamic_numerical: { promo } }],
      horizon: 4,
      windows: 2,
    });
    expect(answer.results[0]!.metrics.mae).toBeCloseTo(0, 6);
  });

  test("of a file with covariates says what the command line says of it", async () => {
    const path = join(import.meta.dir, "../../../../src/systems/forecasting/page/samples/shop_daily.csv");
    const csv = await Bun.file(path).text();
    const { verdict } = await backtestFile(new TextEncoder().encode(csv), { horizon: 14 });
    const answer = await backtest({ data: { csv }, horizon: 14 });
    expect(answer.verdict).toBe(verdict);
    expect(answer.warnings).toContainEqual(expect.objectContaining({ rows: expect.any(Array) }));
  });

  test("leaves out what a constant series does not define, and counts it", async () => {
    const series = [{ values: Array(30).fill(5) }, { values: wave(30) }];
    const [first] = (await backtest({ models: ["drift"], series, horizon: 3, windows: 2 })).results;
    expect([first!.series[0]!.metrics.mase, first!.undefined.mase]).toEqual([null, 1]);
    expect(first!.metrics.mase).toBeGreaterThan(0);
  });

  test("of too short a series is refused with the points needed and present", async () => {
    const body = { series: [{ id: "a", values: wave(20) }], horizon: 10, windows: 3 };
    const { status, body: answer } = await post(served, "/api/v1/backtest", body);
    expect([status, answer.detail]).toEqual([422, expect.stringMatching(/Series a: .*needs 31 points.*has 20/)]);
  });
});

describe("anomalies", () => {
  const anomalies = async (body: unknown) => {
    const { status, body: answer } = await post(served, "/api/v1/anomalies", body);
    expect([status, answer.detail]).toEqual([200, undefined]);
    return anomaliesAnswer.parse(answer);
  };
  const spiked = wave(60).map((value, t) => (t === 40 ? value + 60 : value));

  test("come with a row for each point, and those too early are not judged", async () => {
    const answer = await anomalies({ series: [{ id: "a", values: wave(30), start: "2024-01-01", freq: "D" }] });
    const { rows } = answer.series[0]!;
    expect([rows.length, rows[29]!.date]).toEqual([30, "2024-01-30"]);
    expect(rows[0]).toMatchObject({ judged: false, anomaly: false, score: null, p_value: null });
    expect(rows[29]).toMatchObject({ judged: true });
  });

  test("are found by built-in models, and a spike does not make its neighbours strange", async () => {
    for (const model of ["ensemble", "theta", "seasonal_naive"]) {
      const answer = await anomalies({ model, series: [{ values: spiked }], level: 0.999 });
      const found = answer.series[0]!.rows.flatMap(({ anomaly }, t) => (anomaly ? [t] : []));
      expect([model, found]).toEqual([model, [40]]);
      const { p_value, value, upper } = answer.series[0]!.rows[40]!;
      expect(p_value!).toBeLessThan(0.001);
      expect(value!).toBeGreaterThan(upper!);
    }
  });

  test("of the last points alone, by a model with weights too", async () => {
    for (const model of ["ensemble", "tiny20"]) {
      const values = [...wave(50), 500];
      const answer = await anomalies({ model, series: [{ values }], last: 5 });
      const { rows } = answer.series[0]!;
      expect([rows.length, rows.filter(({ judged }) => judged).length]).toEqual([51, 5]);
      expect([rows[50]!.anomaly, answer.series[0]!.anomalies >= 1]).toEqual([true, true]);
    }
  });

  test("of a constant series are the points that differ; missing points are not judged", async () => {
    const values = [...Array(20).fill(5), null, 6, ...Array(10).fill(5)];
    const { rows } = (await anomalies({ model: "drift", series: [{ values }] })).series[0]!;
    expect(rows.flatMap(({ anomaly }, t) => (anomaly ? [t] : []))).toEqual([21]);
    expect(rows[20]).toMatchObject({ value: null, judged: false });
  });

  test("of too short a series are refused with the number that is needed", async () => {
    const { status, body } = await post(served, "/api/v1/anomalies", { series: [{ values: [1, 2, 3] }], last: 2 });
    expect([status, body.detail]).toEqual([422, expect.stringContaining("has 3 points; 12 are needed")]);
  });
});

describe("a stream of forecasts", () => {
  function connect(headers: Record<string, string>): Promise<WebSocket> {
    const url = `${served.url.replace("http", "ws")}/api/v1/forecast/stream`;
    const socket = new WebSocket(url, { headers } as never);
    return new Promise((resolve, reject) => {
      socket.onopen = () => resolve(socket);
      socket.onerror = () => reject(new Error("refused"));
    });
  }
  /** The messages of one answer. */
  function exchange(socket: WebSocket, request: string): Promise<Record<string, unknown>[]> {
    const messages: Record<string, unknown>[] = [];
    return new Promise((resolve) => {
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(String(data));
        messages.push(message);
        if (message.type === "end" || message.type === "error") resolve(messages);
      };
      socket.send(request);
    });
  }

  test("gives packs of series in order as they are done, then the rest of the answer", async () => {
    const body = {
      model: "seasonal_naive",
      series: Array.from({ length: 600 }, (_, index) => ({ id: String(index), values: wave(100) })),
      horizon: 3,
    };
    const socket = await connect(AUTHORIZED);
    const messages = await exchange(socket, JSON.stringify(body));
    expect(messages[0]).toEqual({ type: "begin", model: "seasonal_naive", horizon: 3, count: 600 });
    const packs = messages.filter(({ type }) => type === "forecasts");
    expect(packs.length).toBeGreaterThan(1);
    const streamed = packs.flatMap(({ forecasts }) => forecasts as unknown[]);
    const { body: whole } = await post(served, "/api/v1/forecast", body);
    expect(streamed).toEqual(whole.forecasts);
    expect(messages.at(-1)).toEqual({ type: "end", model: whole.model, warnings: whole.warnings, stamp: whole.stamp });

    const refused = await exchange(socket, '{"series":[]}');
    expect(refused).toEqual([expect.objectContaining({ type: "error", status: 422 })]);
    socket.close();
  });

  test("asks for the key, but not of this server's own page", async () => {
    const refused = (headers: Record<string, string>) =>
      connect(headers).then(
        () => "open",
        () => "refused",
      );
    expect(await refused({})).toBe("refused");
    expect(await refused({ origin: "http://elsewhere.example" })).toBe("refused");
    expect(await refused({ origin: served.url })).toBe("open");
  });
});
