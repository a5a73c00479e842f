/**
 * Charts without a browser: a specification becomes an SVG document, or a drawing that a PDF can take, and an SVG
 * becomes a PNG. Nothing here needs a DOM, so all of it runs in Workers; a chart of thousands of points takes some
 * milliseconds, a PNG some tens.
 */
export { type Bar, type BarChartSpec, barChart, drawBarChart } from "./barChart";
export { type Drawing, escaped, type Mark, svgOf } from "./drawing";
export { drawHeatMap, type HeatMapAxis, type HeatMapSpec, heatMap } from "./heatMap";
export { drawHistogram, type HistogramSpec, histogram } from "./histogram";
export { drawLineChart, lineChart } from "./lineChart";
export type { Band, LineChartSpec, LineChartX, LineSeries } from "./lineChartSpec";
export { axisFormat, type Format } from "./numberFormat";
export { type PngOptions, svgToPng } from "./png";
