import { useMemo } from "preact/hooks";
import type { ShownLineChart } from "../../src/systems/jobs/schema/shown";
import { dateAxis, numberAxis, type SharedAxis } from "../common/chart/axis";
import { Chart } from "../common/chart/chart";

const DAY_S = 86_400;

/** Lines and bands over dates or numbers. */
export function LineChart({ chart, name }: { chart: ShownLineChart; name: string }) {
  const { title, unit, x, series, bands = [], boundary, scale } = chart;
  const drawn = useMemo(() => {
    const isDated = "startDay" in x;
    const xs = isDated
      ? Float64Array.from(series[0]?.values ?? [], (_, i) => (x.startDay + i * (x.stepDays ?? 1)) * DAY_S)
      : columnOf(x.values);
    return {
      x: xs,
      axis: isDated ? dateAxis() : axisOf(x.title),
      series: series.map(({ name: label, values }) => ({ label, values: columnOf(values) })),
      bands: bands.map(({ name: label, low, high, level, of = 0 }) => ({
        label,
        of,
        low: columnOf(low),
        high: columnOf(high),
        reach: level,
      })),
      boundary: boundary && { at: isDated ? boundary.at * DAY_S : boundary.at, label: boundary.label },
    };
  }, [chart]);
  return (
    <Chart
      name={name}
      title={title}
      unit={unit}
      x={drawn.x}
      axis={drawn.axis}
      series={drawn.series}
      bands={drawn.bands}
      {...(drawn.boundary && { boundary: drawn.boundary })}
      canBeLog
      {...(scale === "log" && { logAtFirst: true as const })}
    />
  );
}

const axes = new Map<string, SharedAxis>();

/** Charts over the same numbers move together. */
function axisOf(title: string): SharedAxis {
  const axis = axes.get(title) ?? numberAxis(title.toLowerCase());
  axes.set(title, axis);
  return axis;
}

function columnOf(values: readonly (number | null)[]): Float64Array<ArrayBuffer> {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}
