import { type Drawing, drawBarChart, drawHeatMap, drawHistogram, drawLineChart } from "../../../../platform/charts";
import type { Chart } from "../section";
import { cleanLine } from "../text/clean";

/** Charts of reports are all of one width; what stands on a page is scaled to it. */
const WIDTH_PX = 640;
const LINE_HEIGHT_PX = 264;
const HISTOGRAM_HEIGHT_PX = 240;
const HEAT_MAP_HEIGHT_PX = 420;

/** The chart as a drawing in the light of paper, its words fit for a document. */
export function drawChart(chart: Chart): Drawing {
  const { marks, label, ...drawing } = drawn(chart);
  const cleanMarks = marks.map((mark) => {
    if (mark.kind === "words") return { ...mark, text: cleanLine(mark.text) };
    return mark.name === undefined ? mark : { ...mark, name: cleanLine(mark.name) };
  });
  return { ...drawing, label: cleanLine(label), marks: cleanMarks };
}

function drawn(chart: Chart): Drawing {
  const paper = { widthPx: WIDTH_PX, scheme: "light" } as const;
  switch (chart.kind) {
    case "line":
      return drawLineChart({ ...chart, ...paper, heightPx: LINE_HEIGHT_PX });
    case "bars":
      return drawBarChart({ ...chart, ...paper });
    case "histogram":
      return drawHistogram({ ...chart, ...paper, heightPx: HISTOGRAM_HEIGHT_PX });
    case "heatMap":
      return drawHeatMap({ ...chart, ...paper, heightPx: HEAT_MAP_HEIGHT_PX });
  }
}
