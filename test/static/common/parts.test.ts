import { describe, expect, test } from "bun:test";
import type { Status } from "../../../static/common/api";
import { matchingEntries, pageEntries } from "../../../static/common/palette-entries";
import { progressWords } from "../../../static/common/progress";
import { sparklinePath } from "../../../static/common/sparkline";

const seen = (text: string) => text.replaceAll("\u202f", "_");

describe("progress in words", () => {
  test.each([
    [{ done: 1200, total: 10_000, elapsedS: 2 }, "1_200 of 10_000 runs, 600 per s, 15 s left"],
    [{ done: 1, total: 10, elapsedS: 20 }, "1 of 10 runs, 3.0 per min, 3 min left"],
    [{ done: 0, total: 10, elapsedS: 20 }, "0 of 10 runs"],
    [{ done: 10, total: 10, elapsedS: 65 }, "10 of 10 runs in 1 min 5 s"],
  ])("%p", (state, expected) => expect(seen(progressWords({ unit: "runs", ...state }))).toBe(expected));
});

describe("a sparkline", () => {
  test("spans the whole width and height, low values at the bottom", () => {
    expect(sparklinePath([0, 10])).toBe("M0.0 26.0L96.0 2.0");
  });

  test("of more values than pixels keeps first and last", () => {
    const path = sparklinePath(Float64Array.from({ length: 5000 }, (_, i) => i));
    expect(path).toStartWith("M0.0 26.0");
    expect(path).toEndWith("96.0 2.0");
    expect(path.split("L")).toHaveLength(96);
  });

  test("of fewer than two finite values is empty, of constant ones a line", () => {
    expect(sparklinePath([1, Number.NaN])).toBe("");
    expect(sparklinePath([3, 3])).toBe("M0.0 26.0L96.0 26.0");
  });
});

describe("the palette", () => {
  const action = { label: "", href: "" };
  const system = { name: "x", figure: null, action, ready: true, status: "healthy" as const, statusLine: [] };
  const status: Status = {
    version: "1",
    work: { running: 0, waiting: 0 },
    systems: [
      { ...system, title: "Filecoin", caption: "circulating supply", href: "/filecoin" },
      { ...system, title: "Chain", caption: "blocks found", href: null },
    ],
  };
  const job = { kind: "job", title: "Sweep 42", hint: "done", href: "/jobs?job=42" } as const;

  test("goes to the pages of what is switched on, Start first and System last", () => {
    expect(pageEntries(status).map(({ href }) => href)).toEqual(["/", "/filecoin", "/system"]);
    expect(pageEntries(null).map(({ href }) => href)).toEqual(["/", "/system"]);
  });

  test("finds by every word, in title, kind or hint, titles that begin so first", () => {
    const titles = (query: string) => matchingEntries(query, status, [], []).map(({ title }) => title);
    expect(titles("supply circ")).toEqual(["Filecoin"]);
    expect(titles("sys")[0]).toBe("System");
    expect(titles("sys")).toContain("Start");
    expect(titles("nowhere")).toEqual([]);
  });

  test("puts what the server found last", () => {
    expect(matchingEntries("", status, [], [job]).at(-1)).toEqual(job);
  });
});
