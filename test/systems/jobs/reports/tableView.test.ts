import { describe, expect, test } from "bun:test";
import { tableViews } from "../../../../src/systems/jobs/reports/shown/tableView";

describe("a table as pages show it", () => {
  test("has figures at the right, each column with decimals and a prefix of its own", () => {
    const [view] = tableViews({
      title: "T",
      columns: [{ name: "Day" }, { name: "Supply", unit: "FIL" }, { name: "Rate" }, { name: "Mixed" }],
      rows: [
        ["mon", 783_636_630.6, 0.25, 1],
        ["tue", 12.4e6, null, "x"],
      ],
    });
    expect(view!.columns).toEqual([
      { name: "Day", unit: "", isNumber: false },
      { name: "Supply", unit: "M FIL", isNumber: true },
      { name: "Rate", unit: "", isNumber: true },
      { name: "Mixed", unit: "", isNumber: false },
    ]);
    expect(view!.rows).toEqual([
      ["mon", "783.6", "0.25", "1"],
      ["tue", "12.4", "–", "x"],
    ]);
  });

  test("has columns of one unit written alike", () => {
    const [view] = tableViews({
      title: "",
      columns: [
        { name: "a", unit: "FIL" },
        { name: "b", unit: "FIL" },
      ],
      rows: [[839.9e6, 1069.6e6]],
    });
    expect(view!.columns.map(({ unit }) => unit)).toEqual(["M FIL", "M FIL"]);
    expect(view!.rows).toEqual([["840", "1070"]]);
  });

  test("may have its units by rows, with differences that have their sign", () => {
    const [view] = tableViews({
      title: "",
      columns: [
        { name: "Figure" },
        { name: "One" },
        { name: "Two" },
        { name: "Difference", isDifference: true },
        { name: "Difference", unit: "%", isDifference: true },
      ],
      rows: [
        ["Supply", 783.6e6, 793.6e6, 10e6, 1.276],
        ["Rate", 0.5, 0.25, -0.25, -50],
      ],
      rowUnits: ["FIL", ""],
    });
    expect(view!.columns.map(({ name }) => name)).toEqual(["Figure", "Unit", "One", "Two", "Difference", "Difference"]);
    expect(view!.rows).toEqual([
      ["Supply", "M FIL", "783.6", "793.6", "+10.0", "+1.28"],
      ["Rate", "", "0.50", "0.25", "−0.25", "−50.00"],
    ]);
  });

  test("says which part of it stands where", () => {
    const rows = Array.from({ length: 30 }, (_, i) => [i]);
    expect(tableViews({ title: "", columns: [{ name: "a" }], rows }, 20)[0]).toMatchObject({
      extent: "first 20 of 30 rows; the CSV report has all",
    });
    const columns = Array.from({ length: 20 }, (_, i) => ({ name: `c${i}` }));
    const views = tableViews({ title: "", columns, rows: [columns.map((_, i) => i)] });
    expect(views.map(({ extent }) => extent)).toEqual(["part 1 of 3", "part 2 of 3", "part 3 of 3"]);
    expect(views.map(({ columns }) => columns.length)).toEqual([8, 8, 6]);
    for (const view of views) expect(view.columns[0]!.name).toBe("c0");
  });
});
