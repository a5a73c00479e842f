import type { Chapter, SimulationView } from "../model";

/** A summary is read at a glance. */
const MAX_KEY_FIGURES = 9;

/** Of each simulation the key figures and the first chart. */
export function summaryChapters(views: readonly SimulationView[]): Chapter[] {
  return views.map(({ title, sections }) => {
    const keyFigures = sections.flatMap((section) => section.keyFigures ?? []);
    const charts = sections.flatMap((section) => section.charts ?? []);
    const texts = sections.flatMap(({ text }) => text ?? []);
    const hasNothing = keyFigures.length + charts.length === 0;
    const text = hasNothing ? (texts[0] ?? "The result holds nothing that can be shown here.") : "";
    return {
      title: views.length === 1 ? "Result" : title,
      sections: [{ title: "", text, keyFigures: keyFigures.slice(0, MAX_KEY_FIGURES), charts: charts.slice(0, 1) }],
    };
  });
}
