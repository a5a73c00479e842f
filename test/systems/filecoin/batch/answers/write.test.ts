import { describe, expect, test } from "bun:test";
import type { BatchContents } from "../../../../../src/systems/filecoin/batch/answers/contents";
import { aboutOf } from "../../../../../src/systems/filecoin/batch/answers/outcome";
import { writeAnswer } from "../../../../../src/systems/filecoin/batch/answers/write";
import type { BatchOrder } from "../../../../../src/systems/filecoin/batch/request/order";
import type { BatchFigures } from "../../../../../src/systems/filecoin/batch/run/figures";
import { batchAnswer } from "../../../../../src/systems/filecoin/batch/schema/answers";
import { scenarioFrom } from "../../../../../src/systems/filecoin/scenario";
import { history } from "../support";

const figures: BatchFigures = {
  done: 3,
  bands: {
    values: Float64Array.of(1, 2, 3, 4, 5, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN),
    means: Float64Array.of(3.25, Number.NaN),
    method: "histogram",
    errors: Float64Array.of(Infinity),
  },
  points: Float64Array.of(0.1, Number.NaN, 1 / 3),
  kept: Float64Array.of(7, Number.NaN),
  notNumbers: Int32Array.of(2),
  ran: { engine: "cpu-f64", notes: [] },
};

const input: BatchContents = {
  format: "json",
  table: "bands",
  about: { source: "sample" },
  outputs: ["days"],
  zeroDay: 20_000,
  sampledDays: Int32Array.of(0, 5),
  pointDays: Int32Array.of(5),
  figures,
  inputs: { names: ["rbp"], points: Float64Array.of(1, 2, 3) },
  keptRuns: [{ run: 1 }],
};
const written = (changes: Partial<BatchContents>) =>
  new TextDecoder().decode(writeAnswer({ ...input, ...changes }).bytes);

const order: BatchOrder = {
  engine: "auto",
  plan: { kind: "list", scenarios: [scenarioFrom({}, history.smoothed)] },
  runs: 3,
  forecastDays: 10,
  outputs: ["days"],
  sampledDays: Int32Array.of(0, 5),
  wantsBands: true,
  pointDays: Int32Array.of(5),
  keptRuns: [],
  table: "bands",
  about: {},
};

describe("answers", () => {
  test("as JSON hold bands with their error, points with their inputs, series; what is no number is null", () => {
    expect(JSON.parse(written({}))).toEqual({
      source: "sample",
      bands: {
        method: "histogram",
        error: { days: null },
        series: {
          days: { p5: [1, null], p25: [2, null], p50: [3, null], p75: [4, null], p95: [5, null], mean: [3.25, null] },
        },
      },
      points: { days: [5], inputs: { rbp: [1, 2, 3] }, series: { days: [[0.1, null, 1 / 3]] } },
      series: [{ run: 1, series: { days: [7, null] } }],
    });
  });

  test("leave out what was not asked for", () => {
    const without = { figures: { ...figures, bands: undefined }, pointDays: new Int32Array(0), keptRuns: [] };
    expect(written(without)).toBe('{"source":"sample"}');
  });

  test("as CSV hold one table, empty where there is no number", () => {
    const [head, first, second] = written({ format: "csv" }).split("\n");
    expect([head, first, second]).toEqual([
      "date,days_p5,days_p25,days_p50,days_p75,days_p95,days_mean",
      "2024-10-04,1,2,3,4,5,3.25",
      "2024-10-09,,,,,,",
    ]);
    expect(written({ format: "csv", table: "points" })).toBe(`run,rbp,days_day5\n0,1,0.1\n1,2,\n2,3,${1 / 3}\n`);
    expect(written({ format: "csv", table: "series" })).toBe("date,days_run1\n2024-10-04,7\n2024-10-09,\n");
  });

  test("bands have the nine digits that 32 bits hold", () => {
    const values = Float64Array.from({ length: 10 }, () => Math.fround(123_456_789.123));
    const bands = { values, means: values.slice(0, 2), method: "exact", errors: Float64Array.of(0) } as const;
    expect(JSON.parse(written({ figures: { ...figures, bands } })).bands).toMatchObject({
      series: { days: { p5: [123456792, 123456792] } },
    });
  });

  test("of a card are as the API document says, which card did how many runs included", () => {
    const ran = {
      engine: "gpu-f32",
      adapter: "NVIDIA H200",
      chunkRuns: 4096,
      redoneRuns: 2,
      milliseconds: { upload: 0.5, total: 12.25 },
      notes: ["The card refused one chunk; the CPU did it."],
    } as const;
    const about = aboutOf(order, history, "name", { ...figures, ran });
    const answer = JSON.parse(written({ about: { ...about }, inputs: undefined }));
    expect(batchAnswer.parse(answer)).toMatchObject({
      stamp: { engine: "gpu-f32", adapter: "NVIDIA H200", chunk_runs: 4096, redone_runs: 2 },
      warnings: [{ reason: ran.notes[0] }, { series: "days", count: 2 }, { series: "days" }],
    });
  });

  test("warn of values that are no numbers, and of quantiles without a bound", () => {
    const { warnings } = aboutOf(order, history, "name", figures);
    expect(warnings).toMatchObject([
      { series: "days", count: 2 },
      { series: "days", reason: expect.stringContaining("histogram") },
    ]);
    expect(
      aboutOf(order, history, "name", { ...figures, bands: undefined, notNumbers: Int32Array.of(0) })["warnings"],
    ).toEqual([]);
  });
});
