import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { seriesLook } from "../../../src/platform/charts/seriesLook";
import { copyText } from "../download";
import { type ScaledUnit, scaleUnit } from "../format";
import { useStore } from "../store";
import { schemeShown } from "../theme";
import { choiceCodec, namesCodec, useUrlState } from "../url-state";
import { dateAxis, type SharedAxis } from "./axis";
import { type Ink, inkOf } from "./colours";
import { followAxis, handleKeys, handleWheel } from "./interaction";
import { Legend, readingOf } from "./legend";
import { type ChartProps, largestOf } from "./model";
import { chartData, chartOptions } from "./options";

/** The element that holds a plot shows it here, so that tests can ask what was drawn. */
export interface PlotElement extends HTMLDivElement {
  plot?: uPlot;
}

/** Fetched when it is first wanted, which is seldom. */
const exporter = () => import("./export");

const DEFAULT_HEIGHT_PX = 240;
const SCALES = ["linear", "log"] as const;

/**
 * Series over dates or numbers. Drag to zoom, double click to reset, Ctrl and wheel to zoom at the pointer; the arrow
 * keys move the reading. Charts that share an axis move together. See docs/pages.md, "Charts".
 */
export function Chart(props: ChartProps) {
  const axis = props.axis ?? dateAxis();
  const [scale, setScale] = useUrlState(
    `${props.name}.scale`,
    choiceCodec(SCALES, props.logAtFirst ? "log" : "linear"),
  );
  const logarithmic = scale === "log";
  const [hidden, setHidden] = useHidden(props);
  const scheme = useStore(schemeShown);
  const ink = useMemo(() => inkOf(document.body), [scheme]);
  const largest = useMemo(() => largestOf(props.series), [props.series]);
  const unit = useMemo(() => scaleUnit(largest, props.unit), [scaleUnit(largest, props.unit).unit]);
  const plot = usePlot(props, { axis, logarithmic, unit, hidden, ink });
  return (
    <figure class="chart" id={`chart-${props.name}`}>
      <figcaption class="chart-head">
        <h2>
          {props.title}
          <span class="unit">{unit.unit}</span>
        </h2>
        <div class="chart-tools">
          {props.canBeLog && (
            <button
              type="button"
              class="quiet"
              aria-pressed={logarithmic}
              onClick={() => setScale(logarithmic ? "linear" : "log")}
            >
              Log
            </button>
          )}
          <button type="button" class="quiet" onClick={async () => (await exporter()).saveCsv(props, axis)}>
            CSV
          </button>
          <PngButton plot={plot} chart={props} ink={ink} />
          {props.curl !== undefined && (
            <button type="button" class="quiet" onClick={() => copyText(props.curl!, "Command")}>
              Copy as curl
            </button>
          )}
        </div>
      </figcaption>
      <Legend {...{ chart: props, axis, unit, hidden }} textColour={ink.text} onHide={setHidden} />
      <Plot {...{ plot, axis, chart: props }} spoken={(row) => spokenReading(props, axis, row, unit)} />
    </figure>
  );
}

/** The places of the series that are switched off; in the address they stand by their names. */
function useHidden({ name, series }: ChartProps): [ReadonlySet<number>, (hidden: ReadonlySet<number>) => void] {
  const [off, setOff] = useUrlState(`${name}.off`, namesCodec());
  const places = series.flatMap(({ label }, place) => (off.includes(label) ? [place] : []));
  const hidden = useMemo(() => new Set(places), [places.join()]);
  return [hidden, (next) => setOff([...next].map((place) => series[place]!.label))];
}

interface PlotHandle {
  element: { current: PlotElement | null };
}

function PngButton({ plot, chart, ink }: { plot: PlotHandle; chart: ChartProps; ink: Ink }) {
  function save(): void {
    const drawn = plot.element.current?.plot;
    if (drawn === undefined) return;
    const looks = chart.series.map(({ look }, place) => seriesLook(look ?? place, ink.text));
    void exporter().then(({ savePng }) => savePng(drawn, chart, looks, ink));
  }
  return (
    <button type="button" class="quiet" onClick={save}>
      PNG
    </button>
  );
}

interface PlotProps {
  plot: PlotHandle;
  axis: SharedAxis;
  chart: ChartProps;
  spoken(row: number): string;
}

function Plot({ plot, axis, chart, spoken }: PlotProps) {
  const [words, setWords] = useState("");
  const height = `${chart.heightPx ?? DEFAULT_HEIGHT_PX}px`;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: it groups a canvas and its overlays, not the fields of a form */}
      <div
        ref={plot.element}
        class="chart-plot"
        role="group"
        aria-label={`${chart.title}, ${chart.unit}. Arrow keys read the values.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read the values
        tabIndex={0}
        style={{ height }}
        onKeyDown={(event) => {
          const row = handleKeys(event, chart.x, axis);
          if (row !== undefined) setWords(spoken(row));
        }}
        onBlur={() => axis.cursor.set(null)}
      />
      <span class="spoken" role="status">
        {words}
      </span>
    </>
  );
}

type ViewOfChart = Omit<Parameters<typeof chartOptions>[1], "widthPx" | "heightPx">;

/** Keeps a uPlot in an element: made anew when its looks change, given new data when only those do. */
function usePlot(props: ChartProps, view: ViewOfChart): PlotHandle {
  const element = useRef<PlotElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const { axis, logarithmic, unit, hidden, ink } = view;
  const looks = props.series.map(({ label, look }) => `${label} ${look}`).join();
  const shape = `${looks};${props.bands?.length ?? 0};${props.heightPx}`;
  useEffect(() => {
    const target = element.current!;
    const size = { widthPx: target.clientWidth, heightPx: props.heightPx ?? DEFAULT_HEIGHT_PX };
    const plot = new uPlot(
      chartOptions(() => latest.current, { ...view, ...size }),
      chartData(latest.current),
      target,
    );
    target.plot = plot;
    const ends = [
      followAxis(plot, target, axis, () => latest.current.x),
      handleWheel(plot, axis, () => latest.current.x),
      followWidth(plot, target, size.heightPx),
    ];
    return () => {
      for (const end of ends) end();
      plot.destroy();
    };
  }, [axis, logarithmic, unit, hidden, ink, shape]);
  useEffect(() => {
    const plot = element.current?.plot;
    const data = chartData(latest.current);
    if (plot !== undefined && data.some((column, at) => column !== plot.data[at])) plot.setData(data);
  }, [props.x, props.series, props.bands]);
  useEffect(() => element.current?.plot?.redraw(false), [props.boundary, props.marks]);
  return { element };
}

function followWidth(plot: uPlot, target: HTMLElement, height: number): () => void {
  const observer = new ResizeObserver(() => {
    if (target.clientWidth !== plot.width && target.clientWidth > 0)
      plot.setSize({ width: target.clientWidth, height });
  });
  observer.observe(target);
  return () => observer.disconnect();
}

function spokenReading({ x, series }: ChartProps, axis: SharedAxis, row: number, unit: ScaledUnit): string {
  const values = series.map(({ label, values }) => `${label} ${readingOf(values[row], unit)}`);
  return `${axis.format(x[row]!)}: ${values.join(", ")}`;
}
