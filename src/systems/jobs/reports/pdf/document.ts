import { lettersWithoutFont, type TypstSource } from "../../../../platform/pdf";
import { MAX_TITLE_LETTERS } from "../limits";
import type { ReportModel } from "../model";
import { aboutReport, hasContents, minuteOf, PROGRAM, REPORT_KINDS } from "../shown/overview";
import { paragraphsOf, shortLine } from "../text/clean";
import { blocksOf, emptySupply, factsBlock, leftOutLine } from "./blocks";
import template from "./report.typ" with { type: "text" };
import { said } from "./said";

const RUNNING_TITLE_LETTERS = 70;
const LONG_CONTENTS = 14;
/** So many letters that no font has are named. */
const MAX_NAMED_LETTERS = 12;

/** The report as the typesetter takes it. */
export async function pdfSource(model: ReportModel): Promise<TypstSource> {
  const supply = emptySupply();
  const report = {
    ...headOf(model),
    simulations: model.simulations.map(({ title, typeTitle, completedAt, jobId }) => ({
      title: said(shortLine(title, MAX_TITLE_LETTERS)),
      type: said(shortLine(typeTitle, MAX_TITLE_LETTERS)),
      finished: minuteOf(completedAt),
      job: said(shortLine(jobId, MAX_TITLE_LETTERS)),
    })),
    chapters: model.chapters.map(({ title, sections }, place) => ({
      title: said(shortLine(title, MAX_TITLE_LETTERS)),
      isOnNewPage: place === 0 && hasLongContents(model),
      blocks: sections.flatMap((section) => blocksOf(section, supply)),
    })),
  };
  const missing = await lettersWithoutFont([JSON.stringify(report)]);
  const leftOut = leftOutLine(supply);
  const about = [
    ...aboutReport(model),
    ...(missing.length > 0 ? [boxesFact(missing)] : []),
    ...(leftOut === "" ? [] : [{ name: "Not shown", value: leftOut }]),
  ];
  const data = JSON.stringify({ ...report, about: factsBlock(about).items });
  return { template, files: { "/report.json": data, ...supply.pictures } };
}

function headOf(model: ReportModel) {
  const { reportId, reportType, generatedAt, title, note, paper } = model;
  const time = new Date(generatedAt);
  return {
    id: reportId,
    kind: REPORT_KINDS[reportType],
    title: said(shortLine(title, MAX_TITLE_LETTERS)),
    spokenTitle: shortLine(title, MAX_TITLE_LETTERS),
    runningTitle: said(shortLine(title, RUNNING_TITLE_LETTERS)),
    note: paragraphsOf(note).map(said),
    program: PROGRAM,
    paper,
    time: {
      year: time.getUTCFullYear(),
      month: time.getUTCMonth() + 1,
      day: time.getUTCDate(),
      hour: time.getUTCHours(),
      minute: time.getUTCMinutes(),
      second: time.getUTCSeconds(),
    },
    hasContents: hasContents(model),
  };
}

/** A list of contents that fills most of the first page has it for itself. */
function hasLongContents(model: ReportModel): boolean {
  const entries = model.chapters.flatMap(({ sections }) => ["", ...sections.map(({ title }) => title)]);
  return hasContents(model) && entries.length >= LONG_CONTENTS;
}

function boxesFact(letters: readonly string[]) {
  const named = letters
    .slice(0, MAX_NAMED_LETTERS)
    .map((letter) => `U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`);
  const rest = letters.length - named.length;
  const all = rest > 0 ? [...named, `${rest} more`] : named;
  return { name: "Not in any font", value: `${all.join(", ")}: shown as boxes; the HTML report has them.` };
}
