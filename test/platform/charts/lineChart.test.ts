import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { epochDay } from "../../../src/numeric/calendar";
import { type LineChartSpec, lineChart } from "../../../src/platform/charts";
import { INKS } from "../../../src/platform/charts/look";
import { isLongRun } from "../../support/seeds";
import { type Point, type ReadSvg, readSvg, xByLabels, yByLabels } from "./svgReading";

setDefaultTimeout(30_000);

const start = epochDay("2025-01-01")!;
const base = { title: "Circulating supply", unit: "FIL", x: { startDay: start } } satisfies Partial<LineChartSpec>;

function chartOf(spec: Partial<LineChartSpec> & Pick<LineChartSpec, "series">): ReadSvg {
  return readSvg(lineChart({ ...base, ...spec }));
}

function oneSeries(values: ArrayLike<number>, more: Partial<LineChartSpec> = {}): ReadSvg {
  return chartOf({ series: [{ name: "supply", values }], ...more });
}

/** All corners of what is drawn under that name. */
function corners(chart: ReadSvg, name: string): Point[] {
  return chart.paths.filter((path) => path.name === name).flatMap(({ pieces }) => pieces.flat());
}

const said = (chart: ReadSvg) => chart.words.map(({ text }) => text);

describe("a line chart", () => {
  test("draws each value where the labels of both axes say that it lies", () => {
    const values = [600e6, 640e6, 615e6, 690e6];
    const chart = oneSeries(values, { x: { startDay: start, stepDays: 365.25 } });
    const x = xByLabels(chart, (text) => (/^20\d\d$/.test(text) ? epochDay(`${text}-01-01`) : undefined));
    const y = yByLabels(chart);
    const drawn = corners(chart, "supply");
    expect(drawn).toHaveLength(4);
    for (const [i, value] of values.entries()) {
      expect(Math.abs(drawn[i]![0] - x(start + i * 365.25))).toBeLessThan(2);
      expect(Math.abs(drawn[i]![1] - y(value))).toBeLessThan(1);
    }
  });

  test("draws each value where a logarithmic axis says that it lies", () => {
    const values = [0.01, 1, 50, 3000];
    const chart = oneSeries(values, { scale: "log" });
    const lines = chart.paths.filter(({ attributes }) => attributes["stroke"] === INKS.light.line);
    const labels = ["0.01", "0.1", "1", "10", "100", "1\u2006000"];
    expect(said(chart).filter((text) => labels.includes(text))).toEqual(labels);
    const [lowest, next] = lines.map(({ pieces }) => pieces[0]![0]![1]);
    const perDecade = lowest! - next!;
    for (const [i, [, y]] of corners(chart, "supply").entries()) {
      expect(Math.abs(lowest! - Math.log10(values[i]! / 0.01) * perDecade - y)).toBeLessThan(3);
    }
    expect(said(chart)).toContain("FIL, log scale");
  });

  test("draws numbers where the labels of the axis say that they lie, and names what they are", () => {
    const horizons = [0, 30, 365, 530];
    const chart = oneSeries([1, 2, 3, 4], { x: { values: horizons, title: "Horizon (days)" } });
    const x = xByLabels(chart, (text) => (/^[1-5]00$/.test(text) ? Number(text) : undefined));
    for (const [i, [drawnX]] of corners(chart, "supply").entries()) {
      expect(Math.abs(drawnX - x(horizons[i]!))).toBeLessThan(1);
    }
    expect(said(chart)).toContain("Horizon (days)");
  });

  test("begins at zero where the values do so nearly, and not where that would hide them", () => {
    expect(said(oneSeries([2, 10]))).toContain("0");
    expect(said(oneSeries([-2, -10]))).toContain("0");
    expect(said(oneSeries([600, 610]))).not.toContain("0");
    const [near, far] = [corners(oneSeries([600, 610]), "supply"), corners(oneSeries([2, 10]), "supply")];
    for (const [from, to] of [near, far]) expect(from![1] - to![1]).toBeGreaterThan(200);
  });

  test("has the size that was asked for, within its limits", () => {
    expect(oneSeries([1, 2])).toMatchObject({ widthPx: 800, heightPx: 400 });
    expect(oneSeries([1, 2], { widthPx: 500.4, heightPx: 300 })).toMatchObject({ widthPx: 500, heightPx: 300 });
    expect(oneSeries([1, 2], { widthPx: 1e9, heightPx: -5 })).toMatchObject({ widthPx: 4096, heightPx: 160 });
    expect(oneSeries([1, 2], { widthPx: Number.NaN })).toMatchObject({ widthPx: 800, heightPx: 400 });
  });

  test("shows what it is of and in which unit", () => {
    const chart = oneSeries([1, 2]);
    expect(chart.title).toBe("Circulating supply, FIL");
    expect(said(chart).slice(-2)).toEqual(["Circulating supply", "FIL"]);
  });

  test("names its series where there are several, in the fixed order of colours and dashes", () => {
    expect(said(oneSeries([1, 2]))).not.toContain("supply");
    const names = ["mean", "median", "best"];
    const chart = chartOf({ series: names.map((name, i) => ({ name, values: [i, i + 1] })) });
    expect(said(chart)).toEqual(expect.arrayContaining(names));
    for (const [i, name] of names.entries()) {
      const { attributes } = chart.paths.find((path) => path.name === name)!;
      expect(attributes["stroke"]).toBe(["#0072b2", "#d55e00", "#009e73"][i]!);
      expect(attributes["stroke-dasharray"]).toBe([undefined, "8 4", "2 3"][i]!);
    }
  });

  test("draws the bands between their edges, the outer ones fainter and below, and names them", () => {
    const chart = chartOf({
      series: [{ name: "median", values: [10, 10, 10] }],
      bands: [
        { name: "25 to 75 %", low: [8, 8, 8], high: [12, 12, 12], level: "inner" },
        { name: "5 to 95 %", low: [5, 5, 5], high: [20, 20, 20], level: "outer" },
      ],
    });
    const bands = chart.paths.filter(({ name }) => name?.endsWith("%"));
    expect(bands.map(({ name, attributes }) => [name, attributes["fill-opacity"], attributes["fill"]])).toEqual([
      ["5 to 95 %", "0.12", "#0072b2"],
      ["25 to 75 %", "0.24", "#0072b2"],
    ]);
    const y = yByLabels(chart);
    const outer = corners(chart, "5 to 95 %").map((point) => point[1]);
    expect(Math.abs(Math.max(...outer) - y(5))).toBeLessThan(1);
    expect(Math.abs(Math.min(...outer) - y(20))).toBeLessThan(1);
    expect(said(chart)).toEqual(expect.arrayContaining(["5 to 95 %", "25 to 75 %"]));
  });

  test("a band is not drawn where one of its edges is missing", () => {
    const { NaN: gap } = Number;
    const chart = chartOf({
      series: [],
      bands: [{ name: "5 to 95 %", low: [1, gap, 1, 1, 1], high: [2, 2, 2, 2, gap], level: "outer" }],
    });
    const { pieces } = chart.paths.find(({ name }) => name === "5 to 95 %")!;
    const widths = pieces.map((piece) => piece.map(([x]) => x)).map((xs) => Math.max(...xs) - Math.min(...xs));
    expect(widths).toHaveLength(2);
    expect(widths[0]).toBeCloseTo(4, 1);
    expect(widths[1]).toBeGreaterThan(100);
  });

  test("shades the history up to the boundary, whose words stand beside its line", () => {
    const values = Array.from({ length: 101 }, (_, i) => i);
    for (const [day, anchor] of [
      [20, "start"],
      [95, "end"],
    ] as const) {
      const chart = oneSeries(values, { boundary: { at: start + day, label: "Forecast from here" } });
      const at = corners(chart, "supply").find((_, i) => i === 0)![0];
      const end = corners(chart, "supply").at(-1)![0];
      const expected = at + ((end - at) * day) / 100;
      const shade = chart.boxes.find(({ name }) => name === "history")!;
      expect(shade.x).toBeCloseTo(at, 0);
      expect(Math.abs(shade.x + shade.width - expected)).toBeLessThan(1);
      expect(Math.abs(corners(chart, "boundary")[0]![0] - expected)).toBeLessThanOrEqual(1);
      const words = chart.words.find(({ text }) => text === "Forecast from here")!;
      expect(words.anchor).toBe(anchor);
    }
  });

  test("a boundary outside of what is shown shades all or nothing", () => {
    const shadeOf = (at: number) => oneSeries([1, 2, 3], { boundary: { at, label: "now" } }).boxes[0];
    expect(shadeOf(start - 100)).toBeUndefined();
    expect(shadeOf(start + 100)!.width).toBeGreaterThan(700);
    expect(shadeOf(Number.NaN)).toBeUndefined();
    expect(said(oneSeries([1, 2, 3], { boundary: { at: start + 100, label: "now" } }))).not.toContain("now");
  });

  test("counts in the legend what it has no room for", () => {
    const series = Array.from({ length: 60 }, (_, i) => ({ name: `scenario ${i}`, values: [i, 1] }));
    const chart = chartOf({ series, heightPx: 240 });
    const shown = said(chart).filter((text) => text.startsWith("scenario")).length;
    expect(shown).toBeGreaterThan(3);
    expect(said(chart)).toContain(`and ${60 - shown} more`);
    for (const { x } of chart.words) expect(x).toBeLessThan(800);
  });

  test("draws five thousand points of noise in less than 60 kB", () => {
    const values = Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i * i) * 1e6);
    expect(lineChart({ ...base, series: [{ name: "noise", values }] }).length).toBeLessThan(60_000);
  });
});

describe("texts from outside", () => {
  const hostile = `</title><script>alert("1")</script>&amp;'\u0000\u0007\ud800\ufffe\n${"x".repeat(5000)}`;

  test("cannot become elements or break the document, wherever they stand", () => {
    const svg = lineChart({
      title: hostile,
      unit: hostile,
      x: { values: [1, 2], title: hostile },
      series: [1, 2].map(() => ({ name: hostile, values: [1, 2] })),
      bands: [{ name: hostile, low: [1, 1], high: [2, 2], level: "outer" }],
      boundary: { at: 1.5, label: hostile },
    });
    expect(svg).not.toContain("<script");
    const chart = readSvg(svg);
    expect(chart.title).toStartWith(`</title><script>alert("1")</script>&amp;'\ufffd\ufffd\ufffd\ufffd x`);
    for (const { text } of chart.words) expect(text.length).toBeLessThan(200);
  });

  test("any text makes a well-formed document", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const chart = chartOf({
          title: text,
          unit: text,
          series: [1, 2].map((value) => ({ name: text, values: [value] })),
        });
        expect(chart.words.length).toBeGreaterThan(3);
      }),
      { numRuns: isLongRun ? 5_000 : 300 },
    );
  });
});

describe("values from outside", () => {
  const { NaN: gap, POSITIVE_INFINITY: infinite, MAX_VALUE: most, MIN_VALUE: least } = Number;
  const columns: [what: string, values: number[], drawn: number][] = [
    ["nothing", [], 0],
    ["gaps alone", [gap, gap, gap], 0],
    ["infinities alone", [infinite, -infinite], 0],
    ["one point", [42], 1],
    ["one point among gaps", [gap, 42, gap], 1],
    ["a constant", [5, 5, 5], 2],
    ["zeros of both signs", [0, -0, 0], 2],
    ["the largest number and its opposite", [-most, most, 0], 3],
    ["1e308 alone", [1e308, 1e308], 2],
    ["the smallest numbers", [least, 3 * least, 0], 2],
    ["a tiny difference on a large number", [1e16, 1e16 + 2, 1e16], 2],
    ["points between gaps", [1, gap, 2, gap, 3], 3],
  ];

  for (const scale of ["linear", "log"] as const) {
    test.each(columns)(`${scale}: %s is a chart`, (_, values, drawn) => {
      const chart = oneSeries(values, { scale });
      const points = corners(chart, "supply");
      for (const [x, y] of points) {
        expect(x).toBeWithin(0, 801);
        expect(y).toBeWithin(0, 401);
      }
      const positive = values.filter((value) => value > 1e-290 && value < infinite);
      const isEmpty = scale === "linear" ? drawn === 0 : positive.length === 0;
      const notice = scale === "linear" ? "No values to show" : "No values above zero to show";
      expect(said(chart).includes(notice)).toBe(isEmpty);
      expect(points.length > 0).toBe(!isEmpty);
      // A dot is a piece from a point to itself.
      if (scale === "linear") expect(new Set(points.map(String)).size).toBe(drawn);
    });
  }

  test.each([
    ["no number as start", { startDay: gap }],
    ["no number as step", { startDay: start, stepDays: gap }],
    ["a step backwards", { startDay: start, stepDays: -1 }],
    ["days beyond all dates", { startDay: 1e300, stepDays: 1e299 }],
    ["steps beyond all numbers", { startDay: 0, stepDays: most }],
    ["a step too small to be seen", { startDay: start, stepDays: least }],
    ["no x at all", { values: [], title: "x" }],
    ["x that are gaps", { values: [gap, gap, gap], title: "x" }],
    ["x that go back and forth", { values: [1, 5, 2], title: "x" }],
    ["fewer x than values", { values: [1, 2], title: "x" }],
  ])("%s is a chart", (_, x) => {
    const chart = oneSeries([1, 2, 3], { x });
    for (const [drawnX, y] of corners(chart, "supply")) {
      expect(drawnX).toBeWithin(0, 801);
      expect(y).toBeWithin(0, 401);
    }
  });

  test("any numbers in any column make a chart inside its frame", () => {
    const values = fc.array(fc.double(), { maxLength: 40 });
    const spec = fc.record({
      x: fc.oneof(
        fc.record({ startDay: fc.double(), stepDays: fc.double() }),
        fc.record({ values, title: fc.constant("x") }),
      ),
      a: values,
      b: values,
      at: fc.double(),
      scale: fc.constantFrom("linear" as const, "log" as const),
      widthPx: fc.double(),
      heightPx: fc.double(),
    });
    fc.assert(
      fc.property(spec, ({ x, a, b, at, ...rest }) => {
        const chart = chartOf({
          ...rest,
          x,
          series: [{ name: "a", values: a }],
          bands: [{ name: "band", low: a, high: b, level: "inner" }],
          boundary: { at, label: "now" },
        });
        for (const name of ["a", "band", "boundary"]) {
          for (const [drawnX, y] of corners(chart, name)) {
            expect(drawnX).toBeWithin(-3, chart.widthPx + 3);
            expect(y).toBeWithin(-1, chart.heightPx + 1);
          }
        }
      }),
      { numRuns: isLongRun ? 5_000 : 500 },
    );
  });
});
