import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { KNOWN_API_KEY } from "../../../../src/systems/forecasting";
import type { InferenceAnswer } from "../../../../src/systems/forecasting/original/schema/answers";
import { fetchSource } from "../../../../src/systems/forecasting/original/source/fetch";
import type { Served } from "../../../support/program";
import { until } from "../../../support/until";
import { callModel, serveRecorded, uploadsOf } from "./serveRecorded";

// What the original does wrong, each by the name of what is right (docs/forecasting.md, "What is better than in the original").

setDefaultTimeout(60_000);

let served: Served;
beforeAll(async () => {
  served = await serveRecorded({ TIMESFM20_MODEL_PORT: "0" });
  expect((await callModel(served.url, "initialization", { context_len: 64, horizon_len: 24 })).status).toBe(200);
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  await rm(served.dataDir, { recursive: true });
});

const body = (more: Record<string, unknown> = {}, file = "sample.csv", columns: object = {}) => ({
  data_source_url_or_path: file,
  data_definition: { price: "target", ...columns },
  parameters: { context_len: 64, horizon_len: 24, ...more },
});

async function infer(...asked: Parameters<typeof body>): Promise<InferenceAnswer> {
  const answer = await callModel<InferenceAnswer>(served.url, "inference", body(...asked));
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body;
}

async function refused(...asked: Parameters<typeof body>) {
  return callModel<{ error: string; message: string }>(served.url, "inference", body(...asked));
}

/** Writes a file of the uploads: a date and a price a row. */
function upload(
  name: string,
  rows: readonly (readonly [date: string, ...cells: unknown[]])[],
  head = "date,price",
): void {
  const text = [head, ...rows.map((row) => row.join(","))].join("\n");
  writeFileSync(join(uploadsOf(served.dataDir), name), text);
}

const months = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => new Date(Date.UTC(2020, index, 1)).toISOString().slice(0, 10));

describe("bands and quantiles", () => {
  test("a band is between the columns of its indices", async () => {
    const { prediction } = await infer({ quantile_indices: [1, 9] });
    const [rows] = prediction.quantile_forecast;
    expect(prediction.quantile_bands).toEqual({
      quantile_band_0_lower: rows!.map((row) => row[1]!),
      quantile_band_0_upper: rows!.map((row) => row[9]!),
      quantile_band_0_label: "Q10–Q90",
    });
  });

  test("quantiles move with what the covariates explain: the point is its own median", async () => {
    const { prediction } = await infer({ use_covariates: true }, "sample.csv", { volume: "dynamic_numerical" });
    expect(prediction.method).toBe("covariates_enhanced");
    expect(prediction.quantile_forecast[0]!.map((row) => row[5])).toEqual([...prediction.point_forecast[0]!]);
  });
});

describe("context and horizon", () => {
  test("the forecast has the horizon of the request, up to 1024", async () => {
    for (const horizon of [1, 48, 1024]) {
      const { prediction, visualization_data } = await infer({ horizon_len: horizon });
      expect(prediction.point_forecast[0]).toHaveLength(horizon);
      expect(prediction.metadata.forecast_length).toBe(horizon);
      expect(visualization_data.dates_future).toHaveLength(horizon);
    }
    expect(await refused({ horizon_len: 1025 })).toMatchObject({ status: 422, body: { error: "DATA_ERROR" } });
  });

  test("the horizon of the request counts with covariates too", async () => {
    const { prediction } = await infer({ horizon_len: 48, use_covariates: true }, "sample.csv", {
      volume: "dynamic_numerical",
    });
    expect(prediction.point_forecast[0]).toHaveLength(48);
  });

  test("the context of the request is looked at, in whole patches of 32", async () => {
    const [short, long] = [await infer({ context_len: 64 }), await infer({ context_len: 100 })];
    expect(long.visualization_data.historical_data).toHaveLength(100);
    expect(long.prediction.point_forecast).not.toEqual(short.prediction.point_forecast);
  });

  test("context_start_date and context_end_date cut the context, and what came after is told", async () => {
    const { visualization_data } = await infer({
      context_start_date: "2023-01-04",
      context_end_date: "2023-12-27",
      horizon_len: 4,
    });
    const { dates_historical, dates_future, actual_future } = visualization_data;
    expect([dates_historical[0], dates_historical.at(-1)]).toEqual(["2023-01-04T00:00:00", "2023-12-27T00:00:00"]);
    expect(dates_future[0]).toBe("2024-01-03T00:00:00");
    expect(actual_future).toHaveLength(4);
    expect(await refused({ context_start_date: "2030-01-01" })).toMatchObject({ status: 400 });
    expect(await refused({ context_start_date: "yesterday" })).toMatchObject({ status: 422 });
  });
});

describe("rows and dates", () => {
  test("rows count by date, however the file has them", async () => {
    const [rising, falling] = [await infer(), await infer({}, "descending.csv")];
    expect(falling.prediction).toEqual(rising.prediction);
    expect(falling.visualization_data).toEqual(rising.visualization_data);
  });

  test("dates and values stay in step when another column has gaps", async () => {
    const rows = months(70).map((date, index) => [date, index, index % 3 === 0 ? "" : index] as const);
    upload("gaps.csv", rows, "date,price,note");
    const { dates_historical, historical_data } = (await infer({}, "gaps.csv")).visualization_data;
    expect(dates_historical).toEqual(
      months(70)
        .slice(-64)
        .map((date) => `${date}T00:00:00`),
    );
    expect(historical_data[0]).toBe(6);
  });

  test("a monthly series goes on by the calendar", async () => {
    upload(
      "monthly.csv",
      months(64).map((date, index) => [date, 100 + index]),
    );
    const { dates_future } = (await infer({ horizon_len: 14 }, "monthly.csv")).visualization_data;
    expect(dates_future).toEqual(
      months(78)
        .slice(-14)
        .map((date) => `${date}T00:00:00`),
    );
  });

  test("covariates take their future values from the file where it has them", async () => {
    const rows = months(76).map((date, index) => [date, 50 + index + (index % 2) * 40, index % 2] as const);
    upload("known.csv", rows, "date,price,promo");
    upload(
      "held.csv",
      rows.map(([date, price, promo], index) => [date, price, index < 64 ? promo : 1]),
      "date,price,promo",
    );
    const asked = { use_covariates: true, context_end_date: months(64).at(-1), horizon_len: 12 };
    const columns = { promo: "dynamic_numerical" };
    const [known, held] = [await infer(asked, "known.csv", columns), await infer(asked, "held.csv", columns)];
    expect(known.prediction.point_forecast).not.toEqual(held.prediction.point_forecast);
  });
});

describe("statuses", () => {
  test("what is not there is 404, a wrong frequency 422, another kind of file 400, all of the service's own family", async () => {
    expect(await refused({}, "gone.csv")).toMatchObject({ status: 404, body: { error: "DATA_ERROR" } });
    expect(await refused({ freq: 3 })).toMatchObject({ status: 422, body: { error: "DATA_ERROR" } });
    expect(await refused({}, "notes.txt")).toMatchObject({ status: 400, body: { error: "DATA_ERROR" } });
  });

  test("a series of nothing but missing values is 422", async () => {
    upload(
      "empty.csv",
      months(70).map((date) => [date, ""]),
    );
    expect(await refused({}, "empty.csv")).toMatchObject({ status: 422, body: { error: "DATA_ERROR" } });
  });

  test("an address that answers with an error is 502, where it may be asked at all", async () => {
    const site = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("no", { status: 503 }) });
    const asked = fetchSource(`${site.url}x.csv`, { dataRoot: served.dataDir, allowPrivate: true });
    expect(await asked.catch((error: unknown) => error)).toMatchObject({ status: 502, body: { error: "DATA_ERROR" } });
    await site.stop(true);
  });

  test("an address of this machine is not asked", async () => {
    const strict = await refused({}, "http://127.0.0.1:9/x.csv");
    expect(strict).toMatchObject({ status: 400, body: { error: "DATA_ERROR" } });
    expect(strict.body.message).toContain("FORECAST_ALLOW_PRIVATE");
  });

  test("links, folders and paths that lead out of the data are refused, and no path of this machine is told", async () => {
    symlinkSync("/etc/hostname", join(uploadsOf(served.dataDir), "link.csv"));
    for (const file of [
      "link.csv",
      "../../../secrets.env",
      "/etc/passwd",
      "data/../../x.csv",
      "data/uploads/a\0.csv",
    ]) {
      const { status, body } = await refused({}, file);
      expect([file, status, body.error]).toEqual([file, 400, "DATA_ERROR"]);
      expect(body.message).not.toContain(served.dataDir);
    }
  });

  test("a body without a stated length is counted", async () => {
    const { hostname, port } = new URL(served.url);
    const socket = connect(Number(port), hostname);
    const answer = new Promise<string>((resolve) => {
      let text = "";
      socket.on("data", (chunk) => {
        text += String(chunk);
        if (text.includes("REQUEST_TOO_LARGE")) resolve(text);
      });
    });
    // What is refused half-way may end in a reset, after the answer.
    socket.on("error", () => undefined);
    const head = [
      "POST /api/v1/timesfm20/inference HTTP/1.1",
      `Host: ${hostname}`,
      `Authorization: Bearer ${KNOWN_API_KEY}`,
    ];
    socket.write(`${head.join("\r\n")}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const piece = "x".repeat(1024 * 1024);
    for (let sent = 0; sent < 11; sent++) socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    expect(await answer).toStartWith("HTTP/1.1 413");
    socket.destroy();
  });
});

describe("life", () => {
  test("while a model loads, everything else is answered, and a second initialization is 409", async () => {
    const { url } = served;
    expect((await callModel(url, "shutdown")).body).toEqual({ message: "Model shut down successfully" });
    const loading = callModel(url, "initialization", {});
    await until(async () => (await callModel(url, "status")).body["model_status"] === "initializing", "the loading");
    expect(await callModel(url, "initialization", {})).toEqual({
      status: 409,
      body: { detail: "Model initialization already in progress" },
    });
    expect((await loading).status).toBe(200);
  });

  test("where there is no TPU the CPU computes, which is told", async () => {
    const { url } = served;
    await callModel(url, "shutdown");
    const { body } = await callModel<{ model_info: Record<string, unknown> }>(url, "initialization", {
      backend: "tpu",
    });
    expect(body.model_info).toMatchObject({ backend: "cpu", batch_size: 1, device: "CPU" });
    expect(body.model_info["warnings"]).toEqual(["There is no TPU; the CPU is used."]);
  });

  test("every other model has the four routes, a built-in one too", async () => {
    const { url } = served;
    const ready = await callModel<{ model_status: string }>(url, "initialization", {}, "theta");
    expect(ready.body.model_status).toBe("ready");
    const { status, body: answer } = await callModel<InferenceAnswer>(url, "inference", body(), "theta");
    expect(status).toBe(200);
    expect(answer.prediction.quantile_forecast[0]![0]).toHaveLength(10);
    expect((await callModel(url, "initialization", {}, "nobody--nothing")).status).toBe(404);
  });

  test("a port of its own serves one model alone", async () => {
    const aside = /"setting":"TIMESFM20_MODEL_PORT","url":"([^"]+)"/.exec(served.err())![1]!;
    expect(await (await fetch(`${aside}/health`)).json()).toMatchObject({
      status: "healthy",
      models: { timesfm20: { status: "ready" } },
    });
    expect((await callModel(aside, "inference", body())).status).toBe(200);
    expect((await callModel(aside, "status", undefined, "theta")).status).toBe(404);
  });

  test("a model's process that is killed is one 503, and then it goes on", async () => {
    const { url } = served;
    interface Process {
      pid: number;
      batches: number;
      crashes: number;
    }
    const processOf = async () => {
      const { systems } = (await (await fetch(`${url}/health`)).json()) as {
        systems: { forecasting: { processes: Record<string, Process> } };
      };
      return systems.forecasting.processes["google/timesfm-2.0-500m-pytorch"]!;
    };
    await infer();
    const { pid, batches } = await processOf();
    // It is held, so that a batch is at work when it dies.
    process.kill(pid, "SIGSTOP");
    const asked = callModel<{ error: string }>(url, "inference", body());
    await until(async () => (await processOf()).batches > batches, "a batch at work");
    process.kill(pid, "SIGKILL");
    expect(await asked).toMatchObject({ status: 503, body: { error: "MODEL_ERROR" } });
    expect((await infer()).prediction.method).toBe("basic_timesfm");
    const after = await processOf();
    expect(after.crashes).toBe(1);
    expect(after.pid).not.toBe(pid);
  });
});
