import { describe, expect, test } from "bun:test";
import {
  decimalsFor,
  decimalsOfStep,
  formatBytes,
  formatDate,
  formatDuration,
  formatFigure,
  formatNumber,
  formatSigned,
  parseDate,
  scaleUnit,
} from "../../../static/common/format";

/** Narrow no-break spaces read better as `_` here. */
const seen = (text: string) => text.replaceAll("\u202f", "_");

describe("numbers", () => {
  test.each([
    [0.25, 2],
    [2.5, 1],
    [25, 0],
    [0.05, 2],
    [0.1, 1],
    [0.0125, 4],
    [1e-7, 7],
    [3e-12, 10],
    [1e9, 0],
    [1 / 3, 9],
    [0, 0],
  ])("steps of %p need %p decimals", (step, decimals) => {
    expect(decimalsOfStep(step)).toBe(decimals);
  });

  test.each([
    [1234567.891, 2, "1_234_567.89"],
    [999, 0, "999"],
    [1000, 0, "1_000"],
    [-1234.5, 1, "−1_234.5"],
    [-0.0001, 2, "0.00"],
    [0.1234567, 5, "0.12346"],
    [Number.NaN, 2, "–"],
    [null, 2, "–"],
    [undefined, 0, "–"],
    [Infinity, 0, "∞"],
    [-Infinity, 0, "−∞"],
    [1e300, 0, "1.000e+300"],
    [-2.5e21, 2, "−2.500e+21"],
  ])("%p with %p decimals is %p", (value, decimals, expected) => {
    expect(seen(formatNumber(value, decimals))).toBe(expected);
  });

  test.each([
    [603.1, 4, 1],
    [0.000071, 3, 7],
    [12345, 4, 0],
    [0, 4, 0],
    [1e-30, 4, 10],
  ])("%p keeps %p digits with %p decimals", (value, significant, expected) => {
    expect(decimalsFor(value, significant)).toBe(expected);
  });
});

describe("units", () => {
  test.each([
    [603.1e6, "FIL", 1e6, "M_FIL"],
    [7e-5, "FIL/day", 1e-6, "µ_FIL/day"],
    [2e9, "FIL", 1e9, "G_FIL"],
    [99_999, "FIL", 1, "FIL"],
    [1e-12, "FIL", 1e-9, "n_FIL"],
    [1e7, "EiB", 1, "EiB"],
    [1e7, "MB", 1, "MB"],
    [1e7, "%", 1, "%"],
    [1e7, "", 1, ""],
    [0, "FIL", 1, "FIL"],
    [-5e6, "FIL", 1e6, "M_FIL"],
  ])("a series up to %p %s is shown by %p as %s", (largest, unit, factor, shown) => {
    const scaled = scaleUnit(largest, unit);
    expect(scaled.factor).toBe(factor);
    expect(seen(scaled.unit)).toBe(shown);
  });

  test("a figure has its unit and four digits", () => {
    expect(seen(formatFigure(603_123_456, "FIL"))).toBe("603.1 M_FIL");
    expect(seen(formatFigure(3.0689, "EiB"))).toBe("3.069 EiB");
    expect(formatFigure(null, "FIL")).toBe("–");
  });

  test("a difference always has its sign", () => {
    expect(seen(formatSigned(2.1, "%"))).toBe("+2.100 %");
    expect(seen(formatSigned(-2.1, "%"))).toBe("−2.100 %");
    expect(seen(formatSigned(0, "%"))).toBe("0 %");
  });
});

describe("time", () => {
  test.each([
    [0, "0 s"],
    [0.4, "0 s"],
    [59.6, "1 min"],
    [3600, "1 h"],
    [3661, "1 h 1 min"],
    [86_400 * 3 + 3600 * 5, "3 d 5 h"],
    [86_400 + 59, "1 d"],
    [-3, "0 s"],
  ])("%p s is %s", (seconds, expected) => expect(formatDuration(seconds)).toBe(expected));

  test("a date goes to seconds and back, in UTC", () => {
    expect(parseDate("2025-09-09")).toBe(1_757_376_000);
    expect(formatDate(1_757_376_000)).toBe("2025-09-09");
    expect(parseDate("yesterday")).toBeNaN();
  });
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.00 kB"],
  [18_400_000, "18.4 MB"],
  [412e9, "412 GB"],
  [5e15, "5_000 TB"],
])("%p bytes are %s", (bytes, expected) => expect(seen(formatBytes(bytes))).toBe(expected));
