import { LineKey } from "../common/chart/line-key";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { COMPARED_YEARS, dayOfYear, differenceWords, MEASURES, type Measure, measureWords } from "./measures";
import type { Run } from "./simulate";

/** A run under its name in a comparison. */
export interface ComparedRun {
  /** A word or a letter. */
  name: string;
  /** The name in full, where the table has no room for it. */
  words?: string;
  look?: number;
  run: Run;
}

interface Row extends ComparedRun {
  measure: Measure;
  /** What it is held against; undefined for the first. */
  reference: Run | undefined;
}

/** Every measure of several runs at 1, 3, 5 and 10 years, with the differences from the first of them. */
export function CompareTable(props: { name: string; caption: string; runs: readonly ComparedRun[] }) {
  const reference = props.runs[0]?.run;
  const rows = MEASURES.flatMap((measure) =>
    props.runs.map((compared, at): Row => ({ ...compared, measure, reference: at === 0 ? undefined : reference })),
  );
  return (
    <Table
      name={props.name}
      caption={props.caption}
      columns={COLUMNS}
      rows={rows}
      keyOf={({ measure, name }) => `${measure.key} ${name}`}
      empty={{ what: "The figures of each scenario would be here." }}
    />
  );
}

const COLUMNS: Column<Row>[] = [
  { key: "measure", title: "Figure", value: ({ measure }) => measure.title },
  {
    key: "scenario",
    title: "Scenario",
    value: ({ name, words }) => words ?? name,
    show: ({ name, words, look }) => (
      <span class="scenario-name" title={words}>
        {look !== undefined && <LineKey place={look} />}
        {name}
      </span>
    ),
  },
  { key: "unit", title: "Unit", value: ({ measure }) => measure.unit, atFirstHidden: true },
  ...COMPARED_YEARS.flatMap((years) => [valueColumn(years), differenceColumn(years)]),
];

function valueColumn(years: number): Column<Row> {
  return {
    key: `y${years}`,
    title: years === 1 ? "1 year" : `${years} years`,
    value: ({ measure, run }) => finite(valueIn(measure, run, years)),
    show({ measure, run, reference }) {
      const value = valueIn(measure, run, years);
      const words = measureWords(value, measure.unit);
      if (reference === undefined || !Number.isFinite(value)) return words;
      return (
        <>
          <span class="apart">{differenceWords(value, valueIn(measure, reference, years), measure.unit)}</span>
          {words}
        </>
      );
    },
  };
}

/** For the spreadsheet: the difference in the unit of the figure. */
function differenceColumn(years: number): Column<Row> {
  return {
    key: `d${years}`,
    title: `Difference after ${years} y`,
    atFirstHidden: true,
    value: ({ measure, run, reference }) =>
      reference === undefined ? null : finite(valueIn(measure, run, years) - valueIn(measure, reference, years)),
    decimals: 2,
  };
}

function valueIn(measure: Measure, run: Run, years: number): number {
  const day = dayOfYear(run, years);
  return day < run.x.length ? measure.at(run, day) : Number.NaN;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
