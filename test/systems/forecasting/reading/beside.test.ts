import { describe, expect, test } from "bun:test";
import type { Warning } from "../../../../src/systems/forecasting/model";
import { covariatesOf } from "../../../../src/systems/forecasting/reading/beside";
import type { DataOptions } from "../../../../src/systems/forecasting/reading/guess";
import { readSeries } from "../../../../src/systems/forecasting/reading/readSeries";

const read = (text: string, options: DataOptions = {}) => readSeries(new TextEncoder().encode(text), options);
const nothing = () => undefined;

const rows = ["1,0,sun", "2,,rain", ",1,sun", "4,1,", "5,0,rain", ",1,sun", ",0,rain"];
const text = `date,y,promo,weather\n${rows.map((row, day) => `2024-01-0${day + 1},${row}`).join("\n")}`;

describe("covariates of a file", () => {
  test("are guessed from the rows at the end without a target", () => {
    const data = read(text);
    expect([data.read.covariates, data.emptyTail]).toEqual([["promo", "weather"], 2]);
    expect(covariatesOf(data.series[0]!, 2, undefined, nothing)).toEqual({
      dynamicNumerical: { promo: Float64Array.of(0, 0.5, 1, 1, 0, 1, 0) },
      dynamicCategorical: { weather: ["sun", "rain", "sun", "sun", "rain", "sun", "rain"] },
    });
    expect(read(text, { covariates: [] }).read.covariates).toEqual([]);
  });

  test("that are not known ahead are refused with series, column and dates, or held", () => {
    const two = read(text.replaceAll(/(\d),(sun|rain|)$/gm, "$1,$2"), { covariates: ["promo"] });
    const held: Warning[] = [];
    expect(() => covariatesOf({ ...two.series[0]!, id: "north" }, 4, undefined, nothing)).toThrow(
      "Covariate promo of series north has no value for 2024-01-08, 2024-01-09",
    );
    const { dynamicNumerical } = covariatesOf(two.series[0]!, 4, "hold", (warning) => held.push(warning));
    expect([...(dynamicNumerical!["promo"] as Float64Array)].slice(-3)).toEqual([0, 0, 0]);
    expect(held).toMatchObject([{ code: "covariate_held" }]);
  });

  test("of rows that are joined are not added up", () => {
    const twice = "date,y,price\n2024-01-01,1,10\n2024-01-02,2,20\n2024-01-02,3,30\n2024-01-03,4,10\n";
    const data = read(twice, { duplicates: "sum", covariates: ["price"] });
    expect([...data.series[0]!.values]).toEqual([1, 5, 4]);
    expect(data.series[0]!.beside[0]!.values).toEqual(Float64Array.of(10, 25, 10));
    expect(data.warnings).toMatchObject([{ code: "duplicates_joined", rows: [2, 3] }]);
  });
});

describe("thousands", () => {
  test.each([
    ["1'234.5", {}, 1234.5],
    ["1\u202f234,5", {}, 1234.5],
    ["1 234", {}, 1234],
    ["1,234", { thousands: "," }, 1234],
    ["1.234", { thousands: "." }, 1234],
    ["1.234", {}, 1.234],
  ] as const)("of %p with %p", (cell, options, value) => {
    expect([...read(`t;y\n1;${cell}\n2;${cell}\n`, options).series[0]!.values]).toEqual([value, value]);
  });
});

test.each([
  ["UTF-16", Buffer.from("\ufeffdate\tGröße\n2024-01-01\t1\n2024-01-02\t2\n", "utf16le")],
  ["Windows", Buffer.from("date\tGr\u00f6\u00dfe\n2024-01-01\t1\n2024-01-02\t2\n", "latin1")],
])("a file in the letters of %s keeps its names", (_, bytes) => {
  expect(readSeries(bytes).read).toMatchObject({ target: "Größe", delimiter: "\t" });
});

test("what was filled is told row by row, with the value that was taken", () => {
  const { read: told } = read("date,y\n2024-01-01,\n2024-01-02,2\n2024-01-03,NA\n2024-01-05,5\n2024-01-06,6\n");
  expect(told.repairs).toEqual([
    { date: "2024-01-01", row: 1, kind: "no_value", found: "", taken: null },
    { date: "2024-01-03", row: 3, kind: "no_value", found: "NA", taken: 3 },
    { date: "2024-01-04", kind: "no_row", found: "", taken: 4 },
  ]);
});
