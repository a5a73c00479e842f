import type { Cell, Chart, KeyFigure, ReportSection, Table } from "../section";
import { axisFor, isAxis } from "./axis";
import { fanChart, figureWithRange } from "./fanChart";
import { type Names, nameOf } from "./names";
import { isNumber, isObject, type JsonObject, quantileBands, quantileFigures, valuesOf } from "./shapes";

/**
 * Sections of a result of which nothing is known but that it is JSON: single figures, quantiles, series, histograms
 * and lists of alike objects are found by what they look like.
 */

const MAX_DEPTH = 5;
const MAX_PARTS = 40;
const MAX_KEY_FIGURES = 60;
const MAX_CHARTS = 24;
const MAX_TABLES = 12;
const MAX_TABLE_COLUMNS = 16;
/** Members that say where a result comes from: they are told with what the report is made from. */
const TOLD_ELSEWHERE = ["stamp", "source", "dates", "seed", "warnings", "input_parameters", "statistics", "metrics"];
/** Shorter lists are no series. */
const FEWEST_POINTS = 3;
const MAX_LISTED = 8;

/** What one part of the result gave. */
interface Findings {
  /** Parts that lie deeper than is looked. */
  deeper: number;
  keyFigures: KeyFigure[];
  charts: Chart[];
  tables: Table[];
}

/** A section for what stands at the top, and one for each part of the result. */
export function sectionsOfAnything(result: unknown, names: Names): ReportSection[] {
  if (!isObject(result)) return [sectionOf("Result", findIn({ result }, [], names))];
  const told = Object.entries(result).filter(([name]) => !TOLD_ELSEWHERE.includes(name));
  const isPart = (value: unknown): value is JsonObject => isObject(value) && !isLeaf(value);
  const parts = told.flatMap(([name, value]) => (isPart(value) ? [{ name, value }] : []));
  const top = Object.fromEntries(told.filter(([, value]) => !isPart(value)));
  const sections = [
    sectionOf("Result", findIn(top, [result], names)),
    ...parts
      .slice(0, MAX_PARTS)
      .map(({ name, value }) => sectionOf(nameOf(name, names).title, findIn(value, [result], names))),
  ];
  const left = leftOut({ parts: parts.length }, { parts: MAX_PARTS });
  const shown = sections.filter(isFilled);
  return left === "" ? shown : [...shown, { title: "Not shown", text: left }];
}

function isFilled({ text, keyFigures, charts, tables }: ReportSection): boolean {
  return text !== "" || keyFigures!.length + charts!.length + tables!.length > 0;
}

function sectionOf(title: string, { deeper, keyFigures, charts, tables }: Findings): ReportSection {
  const over = leftOut(
    { figures: keyFigures.length, charts: charts.length, tables: tables.length },
    { figures: MAX_KEY_FIGURES, charts: MAX_CHARTS, tables: MAX_TABLES },
  );
  const tooDeep =
    deeper > 0 ? `Parts more than ${MAX_DEPTH} levels deep are not shown; the result itself has them.` : "";
  return {
    title,
    text: [over, tooDeep].filter((sentence) => sentence !== "").join(" "),
    keyFigures: keyFigures.slice(0, MAX_KEY_FIGURES),
    charts: charts.slice(0, MAX_CHARTS),
    tables: tables.slice(0, MAX_TABLES),
  };
}

/** A sentence on what is over a limit; empty where nothing is. */
function leftOut<Kind extends string>(counts: Record<Kind, number>, limits: Record<Kind, number>): string {
  const over = (Object.keys(counts) as Kind[]).filter((kind) => counts[kind] > limits[kind]);
  const parts = over.map((kind) => `the first ${limits[kind]} of ${counts[kind]} ${kind}`);
  return parts.length === 0 ? "" : `Of this are shown ${parts.join(", ")}; the result itself has all.`;
}

/** Whether an object is one figure or one picture, not a part with members of its own. */
function isLeaf(value: JsonObject): boolean {
  return quantileFigures(value) !== undefined || quantileBands(value) !== undefined || histogramOf(value) !== undefined;
}

function findIn(object: JsonObject, around: readonly JsonObject[], names: Names, prefix = "", depth = 0): Findings {
  const found: Findings = { deeper: 0, keyFigures: [], charts: [], tables: [] };
  const within = [object, ...around];
  for (const [member, value] of Object.entries(object)) {
    const { title, unit } = nameOf(member, names);
    const name = { title: prefix === "" ? title : `${prefix}: ${title}`, unit };
    if (isObject(value) && !isLeaf(value)) {
      if (depth < MAX_DEPTH) merge(found, findIn(value, within, names, name.title, depth + 1));
      else found.deeper++;
    } else if (!(isAxis(member) && Array.isArray(value))) {
      addLeaf(found, value, name, within, names);
    }
  }
  return found;
}

function merge(into: Findings, { deeper, keyFigures, charts, tables }: Findings): void {
  into.deeper += deeper;
  into.keyFigures.push(...keyFigures);
  into.charts.push(...charts);
  into.tables.push(...tables);
}

interface Titled {
  title: string;
  unit: string;
}

function addLeaf(found: Findings, value: unknown, { title, unit }: Titled, within: JsonObject[], names: Names): void {
  const figures = quantileFigures(value);
  if (figures !== undefined) {
    found.keyFigures.push(figureWithRange(title, unit, figures.middle, figures.ranges[0]!));
    return;
  }
  const bands = quantileBands(value);
  if (bands !== undefined) {
    found.charts.push(fanChart({ title, unit, x: axisFor(bands.middle.length, within), bands }));
    return;
  }
  const histogram = histogramOf(value);
  if (histogram !== undefined) found.charts.push({ kind: "histogram", title, unit, ...histogram, counted: "values" });
  else if (Array.isArray(value)) addList(found, value, { title, unit }, within, names);
  else if (typeof value === "number" || typeof value === "string" || value === null)
    found.keyFigures.push({ name: title, value, unit });
  else if (typeof value === "boolean") found.keyFigures.push({ name: title, value: value ? "yes" : "no" });
}

function addList(
  found: Findings,
  list: readonly unknown[],
  { title, unit }: Titled,
  within: JsonObject[],
  names: Names,
): void {
  const values = valuesOf(list);
  if (values !== undefined && values.length >= FEWEST_POINTS) {
    found.charts.push({
      kind: "line",
      title,
      unit,
      x: axisFor(values.length, within),
      series: [{ name: title, values }],
    });
  } else if (list.length > 0 && list.every(isObject)) {
    found.tables.push(tableOf(title, list, names));
  } else if (list.every((entry) => typeof entry !== "object")) {
    const more = list.length > MAX_LISTED ? `, and ${list.length - MAX_LISTED} more` : "";
    found.keyFigures.push({ name: title, value: `${list.slice(0, MAX_LISTED).join(", ")}${more}` || "none", unit });
  }
}

/** A row for each object, a column for each member that any of them has as a plain value. */
export function tableOf(title: string, objects: readonly JsonObject[], names: Names): Table {
  const members = new Set<string>();
  for (const object of objects) {
    for (const [member, value] of Object.entries(object)) if (isCell(value)) members.add(member);
  }
  const shown = [...members].slice(0, MAX_TABLE_COLUMNS);
  const columns = shown.map((member) => {
    const name = nameOf(member, names);
    return { name: name.title, unit: name.unit };
  });
  const rows = objects.map((object) => shown.map((member) => cellOf(object, member)));
  return { title, columns, rows, note: leftOut({ columns: members.size }, { columns: MAX_TABLE_COLUMNS }) };
}

function cellOf(object: JsonObject, member: string): Cell {
  const value = Object.hasOwn(object, member) ? object[member] : null;
  return isCell(value) ? value : null;
}

function isCell(value: unknown): value is Cell {
  return value === null || typeof value === "string" || typeof value === "boolean" || isNumber(value);
}

/** `{edges, counts}` with one edge more than there are counts. */
export function histogramOf(value: unknown): { edges: Float64Array; counts: Float64Array } | undefined {
  if (!isObject(value)) return undefined;
  const edges = valuesOf(value["edges"] ?? value["bin_edges"]);
  const counts = valuesOf(value["counts"]);
  return edges !== undefined && counts !== undefined && edges.length === counts.length + 1
    ? { edges, counts }
    : undefined;
}
