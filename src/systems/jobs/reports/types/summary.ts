import type { Chapter, SimulationView } from "../model";
import type { Table } from "../section";

/** A summary is read at a glance. */
const MAX_KEY_FIGURES = 9;
const MAX_ROWS = 10;

/** Of each simulation the key figures and the first chart; the head of the first table where there is no chart. */
export function summaryChapters(views: readonly SimulationView[]): Chapter[] {
  return views.map(({ title, sections }) => {
    const keyFigures = sections.flatMap((section) => section.keyFigures ?? []);
    const charts = sections.flatMap((section) => section.charts ?? []).slice(0, 1);
    const tables = charts.length > 0 ? [] : sections.flatMap((section) => section.tables ?? []).slice(0, 1);
    const texts = sections.map(({ text = "" }) => text).filter((text) => text !== "");
    const hasNothing = keyFigures.length + charts.length + tables.length === 0;
    return {
      title: views.length === 1 ? "Result" : title,
      sections: [
        {
          title: "",
          text: hasNothing ? (texts[0] ?? "The result holds nothing that can be shown here.") : "",
          keyFigures: keyFigures.slice(0, MAX_KEY_FIGURES),
          charts,
          tables: tables.map(headOf),
        },
      ],
    };
  });
}

function headOf(table: Table): Table {
  const count = table.rows.length;
  if (count <= MAX_ROWS) return table;
  return {
    ...table,
    rows: table.rows.slice(0, MAX_ROWS),
    note: `The first ${MAX_ROWS} of ${count} rows; a detailed analysis has all.`,
  };
}
