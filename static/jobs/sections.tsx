import type { ShownChart, ShownSection, ShownTable } from "../../src/systems/jobs/schema/shown";
import { formatFigure, formatNumber } from "../common/format";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { Bars } from "./bars";
import { HeatMap } from "./heat-map";
import { Histogram } from "./histogram";
import { LineChart } from "./line-chart";

interface SectionsProps {
  sections: readonly ShownSection[];
  /** What they are of, where several such lists stand in the page. */
  of?: string;
  /** Begins the names of their charts and tables. */
  name?: string;
}

/** The sections that a report shows, drawn with the parts of a page. */
export function Sections({ sections, of = "", name = "r" }: SectionsProps) {
  if (sections.length === 0) return <p class="quiet-text">The result holds nothing that can be drawn.</p>;
  return (
    <div class="sections">
      {sections.map((section, place) => (
        <Section
          key={`${place} ${section.title}`}
          section={section}
          of={[of, section.title || String(place + 1)]}
          name={`${name}${place}`}
        />
      ))}
    </div>
  );
}

function Section({ section, of, name }: { section: ShownSection; of: readonly string[]; name: string }) {
  const { title, text = "", keyFigures = [], charts = [], tables = [], facts = [] } = section;
  const isChartAlone = charts.length === 1 && keyFigures.length === 0 && charts[0]!.title === title;
  return (
    <section class="section" {...(title !== "" && { "aria-label": title })}>
      {!isChartAlone && title !== "" && <h3>{title}</h3>}
      {text.split(/\n\n+/).map((paragraph) => paragraph !== "" && <p key={paragraph}>{paragraph}</p>)}
      {keyFigures.length > 0 && (
        <dl class="key-figures">
          {keyFigures.map(({ name: what, value, unit = "", note = "" }, place) => (
            <div key={`${place} ${what}`}>
              <dt>{what}</dt>
              <dd>
                {figureWords(value, unit)}
                {note !== "" && <small>{note}</small>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {charts.length > 0 && (
        <div class={charts.length === 1 ? "section-charts" : "section-charts several"}>
          {charts.map((chart, place) => (
            <Drawn key={`${place} ${chart.title}`} chart={chart} name={`${name}c${place}`} />
          ))}
        </div>
      )}
      {tables.map((table, place) => (
        <Tabled
          key={`${place} ${table.title}`}
          table={table}
          of={[...of, table.title || String(place + 1)]}
          name={`${name}t${place}`}
        />
      ))}
      {facts.length > 0 && (
        <dl class="facts">
          {facts.map(({ name: what, value }) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** A number with four significant digits, a whole one without a unit with all of its own. */
function figureWords(value: number | string | null, unit: string): string {
  if (typeof value !== "number") return value ?? "–";
  return unit === "" && Number.isInteger(value) ? formatNumber(value, 0) : formatFigure(value, unit);
}

function Drawn({ chart, name }: { chart: ShownChart; name: string }) {
  switch (chart.kind) {
    case "line":
      return <LineChart chart={chart} name={name} />;
    case "bars":
      return <Bars chart={chart} />;
    case "histogram":
      return <Histogram chart={chart} />;
    case "heatMap":
      return <HeatMap chart={chart} />;
  }
}

interface TableRow {
  place: number;
  cells: ShownTable["rows"][number];
}

function Tabled({ table, of, name }: { table: ShownTable; of: readonly string[]; name: string }) {
  const columns = table.columns.map(
    ({ name: title, unit = "" }, at): Column<TableRow> => ({
      key: `c${at}`,
      title,
      ...(unit !== "" && { unit }),
      value: ({ cells }) => plain(cells[at] ?? null),
      show: ({ cells }) => {
        const cell = cells[at] ?? null;
        return typeof cell === "boolean" ? plain(cell) : figureWords(cell, "");
      },
    }),
  );
  return (
    <div class="section-table">
      {table.title !== "" && <h3>{table.title}</h3>}
      <Table
        name={name}
        caption={of.filter((part) => part !== "").join(": ")}
        columns={columns}
        rows={table.rows.map((cells, place) => ({ place, cells }))}
        keyOf={({ place }) => String(place)}
        empty={{ what: "No rows." }}
      />
      {table.note !== undefined && table.note !== "" && <p class="quiet-text">{table.note}</p>}
    </div>
  );
}

function plain(cell: ShownTable["rows"][number][number]): string | number | null {
  return typeof cell === "boolean" ? (cell ? "yes" : "no") : cell;
}
