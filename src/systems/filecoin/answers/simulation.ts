import type { Engine } from "../model/engine";
import { type Forecast, forecast } from "../model/forecast";
import type { Scenario } from "../scenario";
import type { OutputName } from "../schema/series";
import type { Answer } from "./answer";
import { writeTable } from "./csv";
import { writeSeriesObject } from "./json";
import { axesOf, inputOf, provenanceOf, setupOf } from "./provenance";
import { type AnswerForm, type AnswerShape, gridOf, shownSeries, zeroDayOf } from "./shape";
import { emptySheet, writeText, writtenBytes } from "./sheet";
import { type Warning, warningsOf } from "./warnings";

/** The answer about one run. */
export interface SimulationAnswer extends Answer {
  /** What the series hold that is no number; `flat`, `saved` and CSV have no place for it in the body. */
  warnings: Warning[];
}

/**
 * Runs a scenario and writes the answer for the named series, each once and in that order.
 * @throws RangeError as `forecast` does.
 */
export function runSimulation(
  engine: Engine,
  scenario: Scenario,
  names: readonly OutputName[],
  shape: AnswerShape,
): SimulationAnswer {
  const run = forecast(engine, scenario, names);
  const shown = shownSeries(run, names, shape);
  const warnings = warningsOf(run, scenario, shown);
  const sheet = emptySheet();
  if (shape.format === "csv") {
    writeTable(sheet, shown, zeroDayOf(run, "total"), gridOf(run, "total", shape), shape.precision);
    return { bytes: writtenBytes(sheet), contentType: "text/csv; charset=utf-8", warnings };
  }
  const [before, after] = WRAPPERS[shape.form](run, scenario, shape, warnings);
  writeText(sheet, before);
  writeSeriesObject(sheet, shown, shape);
  writeText(sheet, after);
  return { bytes: writtenBytes(sheet), contentType: "application/json", warnings };
}

/** The JSON text before and after the object of series. */
type Wrapper = (run: Forecast, scenario: Scenario, shape: AnswerShape, warnings: Warning[]) => [string, string];

const WRAPPERS: Record<AnswerForm, Wrapper> = {
  contract: inContract,
  whole: inContract,
  flat: () => ["", ""],
  saved: (run, scenario) => [`{"setup":${JSON.stringify(setupOf(run, scenario))},"results":`, "}"],
  series: (run, _, __, warnings) => [`{${members({ ...provenanceOf(run) })},"series":`, `,${members({ warnings })}}`],
};

/** The members of an object as JSON, without its braces. */
function members(object: Record<string, unknown>): string {
  return JSON.stringify(object).slice(1, -1);
}

function inContract(run: Forecast, _: Scenario, shape: AnswerShape, warnings: Warning[]): [string, string] {
  const { source, dates, stamp, ...rest } = provenanceOf(run);
  const after = members({ source, dates: { ...dates, ...axesOf(run, shape) }, stamp, ...rest, warnings });
  return [`{"input":${JSON.stringify(inputOf(run, shape))},"simulation_output":`, `,${after}}`];
}
