import type { ReadingAnswer } from "../../src/systems/forecasting/page/schema";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { useSight } from "./context";

type Repair = ReadingAnswer["read"]["repairs"][number];

const WORDS: Record<Repair["kind"], string> = {
  no_row: "no row",
  no_value: "no value",
  repeated: "several rows",
};

const COLUMNS: readonly Column<Repair>[] = [
  { key: "date", title: "When", value: ({ date, row }) => date ?? `row ${row}` },
  { key: "row", title: "Row", decimals: 0, value: ({ row }) => row ?? null },
  { key: "kind", title: "What is wrong", value: ({ kind }) => WORDS[kind] },
  { key: "found", title: "In the file", value: ({ found }) => (found === "" ? "(empty)" : found) },
  { key: "taken", title: "Value used", decimals: 3, value: ({ taken }) => taken },
];

/** What was read of the file, and each value that was filled or joined. */
export default function RepairsTab() {
  const { read, series } = useSight().task.reading;
  const facts = [
    ["Rows", String(read.rows)],
    ["Values", `${series.values.length}${series.tail > 0 ? `, and ${series.tail} rows ahead` : ""}`],
    ["From, to", `${series.dates[0] ?? "1"} to ${series.dates[series.values.length - 1] ?? series.values.length}`],
    ["Step", read.step ?? "none: rows are counted"],
    ["Season", series.season === null ? "found from the data" : `${series.season} points`],
    ["Dates", read.date_format ?? "none"],
    ["Decimal sign", read.decimal === "," ? "comma" : "point"],
    ...(read.delimiter === undefined ? [] : [["Between cells", read.delimiter === "\t" ? "tab" : read.delimiter]]),
    ...(read.sheet === undefined ? [] : [["Sheet", read.sheet]]),
    ...(read.timezone === undefined ? [] : [["Time zone", read.timezone]]),
  ];
  const more = read.repaired - read.repairs.length;
  return (
    <div class="stack">
      <dl class="facts-line">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Table
        name="repairs"
        caption="Repairs"
        columns={COLUMNS}
        rows={read.repairs}
        keyOf={({ date, row }) => `${date} ${row}`}
        empty={{ what: "Nothing had to be repaired." }}
      />
      {more > 0 && read.repairs.length > 0 && <p class="quiet-text">{more} more repairs in this file.</p>}
    </div>
  );
}
