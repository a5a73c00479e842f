import type { ShownHeatMap } from "../../src/systems/jobs/schema/shown";
import { formatFigure } from "../common/format";
import { ChartHead } from "./chart-head";

/** Values over two inputs, as a table whose cells are the darker the larger the value. */
export function HeatMap({ chart: { title, unit, x, y, values } }: { chart: ShownHeatMap }) {
  const finite = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const share = (value: number) => (high === low ? 0 : Math.round((40 * (value - low)) / (high - low)));
  return (
    <figure class="chart heat-map">
      <ChartHead title={title} unit={unit} />
      <div class="table-scroll">
        <table>
          <caption class="quiet-text">
            Across: {x.name} {x.unit}. Down: {y.name} {y.unit}.
          </caption>
          <thead>
            <tr>
              <td />
              {x.values.map((value, column) => (
                <th key={column} scope="col">
                  {formatFigure(value, "")}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {y.values.map((down, row) => (
              <tr key={row}>
                <th scope="row">{formatFigure(down, "")}</th>
                {x.values.map((_, column) => {
                  const value = values[row * x.values.length + column] ?? null;
                  const wash = `color-mix(in srgb, var(--accent) ${share(value ?? low)}%, transparent)`;
                  return (
                    <td key={column} class="number" style={{ background: wash }}>
                      {formatFigure(value, "")}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
