import { escaped, svgOf } from "../../../../platform/charts";
import { MAX_LINE_LETTERS, MAX_TITLE_LETTERS } from "../limits";
import type { Chapter, Fact, ReportModel } from "../model";
import type { KeyFigure, Table } from "../section";
import { drawChart } from "../shown/charts";
import { writtenFigure } from "../shown/keyFigure";
import { aboutReport, hasContents, overviewOf, PROGRAM, REPORT_KINDS } from "../shown/overview";
import { type TableView, tableViews } from "../shown/tableView";
import { paragraphsOf, shortLine } from "../text/clean";
import style from "./report.css" with { type: "text" };

/** A report as one HTML document that needs nothing else: no script, no address, its style and its charts inside. */
export function htmlOf(model: ReportModel): Uint8Array {
  return new TextEncoder().encode(pageOf(model));
}

function pageOf(model: ReportModel): string {
  const title = line(model.title, MAX_TITLE_LETTERS);
  const contents = hasContents(model) ? contentsOf(model.chapters) : "";
  const chapters = model.chapters.map(chapterOf).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="kind">${REPORT_KINDS[model.reportType]}</p>
<h1 dir="auto">${title}</h1>
${paragraphs(model.note)}${facts(aboutReport(model))}
${tableViews(overviewOf(model)).map(tableOf).join("\n")}
</header>
${contents}<main>
${chapters}
</main>
<footer>${PROGRAM} <code>${line(model.reportId, MAX_TITLE_LETTERS)}</code></footer>
</body>
</html>
`;
}

function contentsOf(chapters: readonly Chapter[]): string {
  const items = chapters.map(
    ({ title }, place) => `<li><a href="#chapter-${place + 1}" dir="auto">${line(title, MAX_TITLE_LETTERS)}</a></li>`,
  );
  return `<nav aria-label="Contents">\n<h2>Contents</h2>\n<ol>${items.join("")}</ol>\n</nav>\n`;
}

function chapterOf({ title, sections }: Chapter, place: number): string {
  const heading = `<h2 dir="auto">${line(title, MAX_TITLE_LETTERS)}</h2>`;
  return `<section id="chapter-${place + 1}">\n${heading}\n${sections.map(sectionOf).join("\n")}\n</section>`;
}

function sectionOf(section: Chapter["sections"][number]): string {
  const heading = section.title === "" ? "" : `<h3 dir="auto">${line(section.title, MAX_TITLE_LETTERS)}</h3>\n`;
  if ("facts" in section) return `${heading}${facts(section.facts)}`;
  const { text = "", keyFigures = [], charts = [], tables = [] } = section;
  return [
    heading + paragraphs(text),
    keyFigures.length > 0 ? `<dl class="key-figures">${keyFigures.map(keyFigureOf).join("")}</dl>` : "",
    ...charts.map((chart) => `<figure>${svgOf(drawChart(chart))}</figure>`),
    ...tables.flatMap((table: Table) => tableViews(table).map(tableOf)),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function keyFigureOf({ name, value, unit = "", note = "" }: KeyFigure): string {
  const written = escaped(writtenFigure(value));
  const unitPart = unit === "" ? "" : ` <span class="unit">${line(unit, MAX_TITLE_LETTERS)}</span>`;
  const notePart = note === "" ? "" : `<dd class="note">${line(note, MAX_TITLE_LETTERS)}</dd>`;
  return `<div><dt dir="auto">${line(name, MAX_TITLE_LETTERS)}</dt><dd><b dir="auto">${written}</b>${unitPart}</dd>${notePart}</div>`;
}

function tableOf({ title, extent, note, columns, rows }: TableView): string {
  const extentPart = extent === "" ? "" : ` <small>${extent}</small>`;
  const heads = columns.map(({ name, unit, isNumber }) => {
    const unitPart = unit === "" ? "" : `<br><small>${escaped(unit)}</small>`;
    return `<th scope="col"${isNumber ? ' class="number"' : ""} dir="auto">${escaped(name)}${unitPart}</th>`;
  });
  const sides = columns.map(({ isNumber }) => (isNumber ? ' class="number"' : ' dir="auto"'));
  const body = rows.map(
    (row) => `<tr>${row.map((cell, place) => `<td${sides[place]}>${escaped(cell)}</td>`).join("")}</tr>`,
  );
  const notePart = note === "" ? "" : `<p class="note" dir="auto">${escaped(note)}</p>`;
  const caption = `<caption dir="auto">${escaped(title)}${extentPart}</caption>`;
  return `<div class="table"><table>${caption}<thead><tr>${heads.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table>${notePart}</div>`;
}

function facts(items: readonly Fact[]): string {
  const rows = items.map(({ name, value, isCode }) => {
    const written = line(value, MAX_LINE_LETTERS);
    return `<dt>${line(name, MAX_TITLE_LETTERS)}</dt><dd dir="auto">${isCode ? `<code>${written}</code>` : written}</dd>`;
  });
  return `<dl class="facts">${rows.join("")}</dl>`;
}

function paragraphs(text: string): string {
  return paragraphsOf(text)
    .map((paragraph) => `<p dir="auto">${escaped(paragraph)}</p>\n`)
    .join("");
}

function line(text: string, most: number): string {
  return escaped(shortLine(text, most));
}
