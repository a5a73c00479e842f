import { describe, expect, test } from "bun:test";
import { tableCsv } from "../../../static/common/table-export";
import { arrangedRows, type Column, inOrderOf } from "../../../static/common/table-rows";

interface Worker {
  id: string;
  price: number | null;
}

const columns: Column<Worker>[] = [
  { key: "id", title: "Worker", value: ({ id }) => id },
  { key: "price", title: "Price", unit: "XNM/min", value: ({ price }) => price },
];

const rows: Worker[] = [
  { id: "w10", price: 3 },
  { id: "w9", price: null },
  { id: "W2", price: -1 },
  { id: "w1", price: 20 },
];

const ids = (arranged: readonly Worker[]) => arranged.map(({ id }) => id);

describe("sorting", () => {
  test("texts count their numbers", () => {
    expect(ids(arrangedRows(rows, columns, "", { key: "id", direction: "ascending" }))).toEqual([
      "w1",
      "W2",
      "w9",
      "w10",
    ]);
  });

  test("what has no value is last in both directions", () => {
    const ascending = arrangedRows(rows, columns, "", { key: "price", direction: "ascending" });
    const descending = arrangedRows(rows, columns, "", { key: "price", direction: "descending" });
    expect(ids(ascending)).toEqual(["W2", "w10", "w1", "w9"]);
    expect(ids(descending)).toEqual(["w1", "w10", "W2", "w9"]);
  });

  test("a column that is not there leaves the order, and the rows given are never changed", () => {
    expect(ids(arrangedRows(rows, columns, "", { key: "none", direction: "ascending" }))).toEqual(ids(rows));
    expect(ids(rows)).toEqual(["w10", "w9", "W2", "w1"]);
  });
});

describe("filtering", () => {
  test.each([
    ["w1", ["w10", "w1"]],
    ["W2", ["W2"]],
    ["price<4", ["w10", "W2"]],
    ["price>0 price<10", ["w10"]],
    ["worker=w1", ["w1"]],
    ["price=20", ["w1"]],
    ["colour=red", []],
    ["  ", ["w10", "w9", "W2", "w1"]],
    ["price<cheap", []],
  ])("%p lets %p pass", (filter, expected) => {
    expect(ids(arrangedRows(rows, columns, filter, undefined))).toEqual(expected);
  });
});

test("held rows keep their order while values change, and new ones come last", () => {
  const later = [{ id: "new", price: 0 }, ...rows.toReversed()];
  expect(ids(inOrderOf(later, ids(rows), ({ id }) => id))).toEqual(["w10", "w9", "W2", "w1", "new"]);
});

test("the CSV has the unit in its header and no formula in its cells", () => {
  expect(tableCsv([{ id: "=cmd", price: -1 }], columns)).toBe("Worker,Price (XNM/min)\r\n'=cmd,-1\r\n");
});
