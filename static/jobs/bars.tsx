import type { ShownBarChart } from "../../src/systems/jobs/schema/shown";
import { formatFigure } from "../common/format";
import { ChartHead } from "./chart-head";

/** Bars beside their names, from a base to a value or between two values. */
export function Bars({ chart: { title, unit, bars, base = 0 } }: { chart: ShownBarChart }) {
  const spans = bars.map((bar) => {
    const from = "value" in bar ? base : (bar.low ?? base);
    const to = "value" in bar ? (bar.value ?? base) : (bar.high ?? base);
    const words = "value" in bar ? formatFigure(bar.value, "") : `${formatFigure(from, "")} to ${formatFigure(to, "")}`;
    return { name: bar.name, low: Math.min(from, to), high: Math.max(from, to), words };
  });
  const low = Math.min(base, ...spans.map((span) => span.low));
  const high = Math.max(base, ...spans.map((span) => span.high));
  const share = (value: number) => (high === low ? 0 : (100 * (value - low)) / (high - low));
  return (
    <figure class="chart bars">
      <ChartHead title={title} unit={unit} />
      <ul>
        {spans.map((span) => (
          <li key={span.name} class="bar-row">
            <span>{span.name}</span>
            <span class="bar-track">
              <span
                class="bar"
                style={{ insetInlineStart: `${share(span.low)}%`, width: `${share(span.high) - share(span.low)}%` }}
              />
              <span class="bar-base" style={{ insetInlineStart: `${share(base)}%` }} />
            </span>
            <span class="bar-value">{span.words}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
