import type { RangeAnswer } from "../../src/systems/epistemix/schema/page";
import { formatNumber } from "../common/format";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { livelyStates } from "./curve-data";
import { type JobCurves, useShown } from "./shown";
import { dateOf, placeWords } from "./words";

interface Row {
  what: string;
  figure: string;
  own: RangeAnswer;
  other: RangeAnswer | undefined;
  /** How a value of it is written. */
  write(value: number, job: JobCurves): string;
}

/** All figures of the condition, beside those of the other job. */
export default function FiguresTab() {
  const { own, other, condition } = useShown();
  if (own === undefined) return <p class="quiet-text">No run is done yet.</p>;
  const rows = rowsOf(own, other, condition);
  return (
    <Table
      name="figures"
      caption="Figures"
      columns={columnsOf(own, other)}
      rows={rows}
      keyOf={({ what, figure }) => `${what} ${figure}`}
      empty={{ what: "No figures." }}
    />
  );
}

function columnsOf(own: JobCurves, other: JobCurves | undefined): Column<Row>[] {
  const columns: Column<Row>[] = [
    { key: "what", title: "State or place", value: ({ what }) => what },
    { key: "figure", title: "Figure", value: ({ figure }) => figure },
    valueColumn("median", "Median", own, (row) => row.own.median),
    valueColumn("low", "5 %", own, (row) => row.own.low),
    valueColumn("high", "95 %", own, (row) => row.own.high),
  ];
  if (other === undefined) return columns;
  return [
    ...columns,
    valueColumn("other", `Median, job ${other.id}`, other, (row) => row.other?.median ?? null),
    {
      key: "difference",
      title: "Difference",
      value: (row) => (row.other === undefined ? null : row.own.median - row.other.median),
      decimals: 0,
    },
  ];
}

function valueColumn(key: string, title: string, job: JobCurves, value: (row: Row) => number | null): Column<Row> {
  return {
    key,
    title,
    value,
    show(row) {
      const found = value(row);
      return found === null ? "–" : row.write(found, job);
    },
  };
}

const whole = (value: number) => formatNumber(value, 0);
const date = (value: number, { curves }: JobCurves) => dateOf(curves.startDate, value);

function rowsOf(own: JobCurves, other: JobCurves | undefined, name: string): Row[] {
  const conditionOf = (job: JobCurves | undefined) => job?.curves.conditions.find((found) => found.name === name);
  const [mine, theirs] = [conditionOf(own), conditionOf(other)];
  if (mine === undefined) return [];
  const states = livelyStates(mine).flatMap((state) => {
    const beside = theirs?.states.find((found) => found.name === state.name);
    const what = state.name;
    return [
      { what, figure: "peak", own: state.peak, other: beside?.peak, write: whole },
      { what, figure: "day of the peak", own: state.peakDay, other: beside?.peakDay, write: date },
      { what, figure: "at the end", own: state.end, other: beside?.end, write: whole },
      { what, figure: "entered in all", own: state.total, other: beside?.total, write: whole },
    ];
  });
  const places = mine.places.map((place) => ({
    what: placeWords(place.name),
    figure: "exposed in all",
    own: place.total,
    other: theirs?.places.find((found) => found.name === place.name)?.total,
    write: whole,
  }));
  return [...places, ...states];
}
