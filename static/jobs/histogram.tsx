import type { ShownHistogram } from "../../src/systems/jobs/schema/shown";
import { formatFigure, formatNumber } from "../common/format";
import { ChartHead } from "./chart-head";

/** How often values fell between each two edges. */
export function Histogram({ chart: { title, unit, edges, counts, counted } }: { chart: ShownHistogram }) {
  const most = Math.max(1, ...counts.map((count) => count ?? 0));
  const sum = counts.reduce((all: number, count) => all + (count ?? 0), 0);
  const [first = null, last = null] = [edges[0], edges.at(-1)];
  return (
    <figure class="chart histogram">
      <ChartHead title={title} unit={unit} />
      <div
        class="histogram-columns"
        role="img"
        aria-label={`${formatNumber(sum, 0)} ${counted} from ${formatFigure(first, unit)} to ${formatFigure(last, unit)}`}
      >
        {counts.map((count, place) => (
          <span
            // A column is known by its place alone.
            key={place}
            title={`${formatFigure(edges[place], "")} to ${formatFigure(edges[place + 1], "")}: ${formatNumber(count, 0)}`}
            style={{ height: `${(100 * (count ?? 0)) / most}%` }}
          />
        ))}
      </div>
      <div class="histogram-ends">
        <span>{formatFigure(first, unit)}</span>
        <span>{formatFigure(last, unit)}</span>
      </div>
    </figure>
  );
}
