import type { BarChartSpec, HeatMapSpec, HistogramSpec, LineChartSpec } from "../../../platform/charts";

/**
 * What a report shows of one simulation, as plain values: whoever makes sections says what is shown, never how. Every
 * text is taken as text, whatever it holds. docs/reports.md, "Sections".
 */
export interface ReportSection {
  title: string;
  /** Paragraphs, parted by an empty line. */
  text?: string;
  keyFigures?: readonly KeyFigure[];
  charts?: readonly Chart[];
  tables?: readonly Table[];
}

export interface KeyFigure {
  name: string;
  /** A number is shown with four significant digits, a whole one with all of them; null where there is none. */
  value: number | string | null;
  unit?: string;
  /** What stands below, such as `90 % between 3.1 and 3.2`. */
  note?: string;
}

/** A chart of `platform/charts`; its size and colours are the report's. */
export type Chart =
  | ({ kind: "line" } & Shown<LineChartSpec>)
  | ({ kind: "bars" } & Shown<BarChartSpec>)
  | ({ kind: "histogram" } & Shown<HistogramSpec>)
  | ({ kind: "heatMap" } & Shown<HeatMapSpec>);

type Shown<Spec> = Omit<Spec, "widthPx" | "heightPx" | "scheme">;

export interface Table {
  title: string;
  columns: readonly Column[];
  /** Each as long as there are columns. */
  rows: readonly (readonly Cell[])[];
  /** Where rows are of one unit and not columns: the unit of each row, for all its numbers whose column has none. */
  rowUnits?: readonly string[];
  /** What stands below. */
  note?: string;
}

export interface Column {
  name: string;
  unit?: string;
  /** Whether numbers are differences, which have a sign in any case. */
  isDifference?: boolean;
}

export type Cell = string | number | boolean | null;
