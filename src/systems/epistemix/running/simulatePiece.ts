import type { WorkContext } from "../../../platform/compute/work";
import { jsonBytes, tellProgress } from "../../../platform/simulations";
import { type ResultFile, type RunOptions, runModel } from "../fred";

export interface SimulatePiece {
  model: string;
  options: RunOptions;
}

const MAIN = "main.fred";

/** One run, in a thread: the JSON of its figures by day, or the first error of its log. */
export function simulatePiece(
  { model, options }: SimulatePiece,
  context: WorkContext,
): { error: string | null; figures: Uint8Array } {
  const { status, files } = runModel({
    files: { [MAIN]: model },
    main: MAIN,
    options,
    nowMs: Date.now,
    onDay: ({ day, days, date }) => tellProgress(context, (day + 1) / days, date),
  });
  const texts = new Map(files.map(({ path, bytes }: ResultFile) => [path, new TextDecoder().decode(bytes)]));
  const log = (texts.get("logs.txt") ?? "").trimEnd().split("\n");
  if (status !== "done") {
    const error = log.find((line) => line.includes("] ERROR: ")) ?? "The model ended with an error.";
    return { error: error.replace(/^.*?\] ERROR: /, ""), figures: new Uint8Array() };
  }
  return { error: null, figures: jsonBytes(figuresOf(texts, log)) };
}

function figuresOf(texts: ReadonlyMap<string, string>, log: readonly string[]) {
  const column = (name: string) =>
    (texts.get(`DAILY/${name}.txt`) ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(line.indexOf(" ") + 1));
  const numbers = (name: string) => column(name).map(Number);
  const conditions = JSON.parse(texts.get("conditions.json") ?? "[]") as { name: string; states: string[] }[];
  return {
    dates: column("Date"),
    people: numbers("Popsize"),
    conditions: conditions.map(({ name, states }) => ({
      name,
      states: states.map((state) => ({
        name: state,
        count: numbers(`${name}.${state}`),
        new: numbers(`${name}.new${state}`),
        cumulative: numbers(`${name}.tot${state}`),
      })),
    })),
    about: JSON.parse(texts.get("about.json") ?? "{}") as object,
    log,
  };
}
