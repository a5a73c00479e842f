import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Served } from "../../../support/program";
import { casesOf, deviation, isWithin } from "../goldens";
import { post, serveModels } from "./support";

setDefaultTimeout(60_000);

/** Every recorded case through HTTP: its `config` and `options` stand in the request's options, by their own names. */

interface Golden {
  config?: Record<string, unknown>;
  options?: Record<string, unknown>;
  forecast_config?: Record<string, unknown>;
  fit_scope?: string;
  horizon?: number;
  freq?: number[] | null;
  inputs: unknown[][];
  expected: { point: number[][]; full: number[][][]; quantiles?: number[][][]; outputs: number[][] };
  expected_float64_fit?: { outputs: number[][]; xreg: number[][] };
}

const KINDS = ["dynamic_numerical", "dynamic_categorical", "static_numerical", "static_categorical"] as const;

let served: Served;
beforeAll(async () => {
  served = await serveModels(["tiny20", "tiny10", "tiny25", "bolt"]);
});
afterAll(async () => {
  expect(await served.stop()).toBe(0);
  await rm(served.dataDir, { recursive: true });
});

/** The covariates of one series, which the cases hold by column. */
function columnsOf(golden: Golden, index: number): Record<string, Record<string, unknown>> {
  const columns = golden as unknown as Record<string, Record<string, unknown[]> | null | undefined>;
  const of = (kind: (typeof KINDS)[number]) => Object.entries(columns[`${kind}_covariates`] ?? {});
  return Object.fromEntries(
    KINDS.filter((kind) => of(kind).length > 0).map((kind) => [
      kind,
      Object.fromEntries(of(kind).map(([name, values]) => [name, values[index]])),
    ]),
  );
}

async function forecastGolden(model: string, golden: Golden, more: Record<string, unknown> = {}) {
  const { config, options, forecast_config, fit_scope, horizon, freq, inputs } = golden;
  const series = inputs.map((values, index) => {
    return { values, ...(freq && { freq: freq[index] }), ...columnsOf(golden, index) };
  });
  const { status, body } = await post(served, "/api/v1/forecast", {
    model,
    series,
    ...(horizon !== undefined && { horizon }),
    options: {
      ...config,
      ...options,
      ...(forecast_config && { forecast_config }),
      ...(fit_scope && { fit_scope }),
      full: true,
      ...more,
    },
  });
  expect([status, body.detail]).toEqual([200, undefined]);
  return body.forecasts as {
    point: number[];
    full: number[][];
    fitted?: { point: number[]; full: number[][] };
    xreg?: { fit: number[] };
  }[];
}

async function holdGolden(model: string, name: string, golden: Golden, bound: number, more = {}) {
  const made = await forecastGolden(model, golden, more);
  const point = made.map((one) => [...(one.fitted?.point ?? []), ...one.point]);
  const full = made.map((one) => [...(one.fitted?.full ?? []), ...one.full]);
  for (const found of [
    deviation(point, golden.expected.point, golden.expected.full),
    deviation(full, golden.expected.full),
  ]) {
    expect({ name, ...found, met: isWithin(found, name, bound) }).toMatchObject({ met: true });
  }
}

describe.each([
  ["tiny20", "tiny-2.0", 1e-5, {}],
  ["tiny10", "tiny-1.0", 1e-5, {}],
  ["tiny20", "tiny-2.0-release130", 1e-4, { release: "1.3.0" }],
  ["tiny25", "tiny-2.5", 1e-5, {}],
] as const)("%s gives the recorded forecasts of %s", (model, folder, bound, more) => {
  test.each(casesOf<Golden>(`timesfm/cases/${folder}`))("%s", async (name, golden) => {
    const own = name === "huge_scale" ? bound : 1e-5;
    await holdGolden(model, name, golden, own, more);
  });
});

describe("covariates give the recorded forecasts", () => {
  test.each(casesOf<Golden>("timesfm/cases/xreg"))("%s", async (_name, golden) => {
    const { outputs, xreg } = golden.expected_float64_fit!;
    // The reference finds the horizon as we do: from how long the covariates are.
    const horizon_len = outputs[0]!.length;
    const made = await forecastGolden("tiny20", golden, { horizon_len });
    expect(
      deviation(
        made.map(({ point }) => point),
        outputs,
      ).ofRange,
    ).toBeLessThan(1e-4);
    expect(
      deviation(
        made.map((one) => one.xreg!.fit),
        xreg,
        outputs,
      ).ofRange,
    ).toBeLessThan(1e-4);
  });
});

describe("Chronos-Bolt gives the recorded forecasts", () => {
  // A series without any value is refused by the service.
  const cases = casesOf<Golden>("chronos-bolt/cases").filter(([name]) => name !== "all_nan");

  test.each(cases)("%s", async (name, golden) => {
    const made = await forecastGolden("bolt", golden);
    const found = deviation(
      made.map(({ full }) => full),
      golden.expected.quantiles,
    );
    expect({ name, ...found, met: isWithin(found, name, 1e-5) }).toMatchObject({ met: true });
  });

  test("but for all_nan, which is refused", async () => {
    const { inputs, horizon } = casesOf<Golden>("chronos-bolt/cases").find(([name]) => name === "all_nan")![1];
    const { status, body } = await post(served, "/api/v1/forecast", {
      model: "bolt",
      series: inputs.map((values) => ({ values })),
      horizon,
    });
    expect([status, body.detail]).toEqual([422, expect.stringContaining("has no value")]);
  });
});
