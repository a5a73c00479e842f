import { PRINT_FILE } from "../compile/printing";
import type { World } from "../engine/world";
import type { ResultFile } from "../model";
import type { RunLog } from "./log";
import { placeLines } from "./places";

const encoder = new TextEncoder();

/** A file of a result. */
export function textFile(path: string, text: string): ResultFile {
  return { path, bytes: encoder.encode(text) };
}

const textOfLines = (lines: readonly string[]) => (lines.length === 0 ? "" : `${lines.join("\n")}\n`);

/** The result of a run that was done to its end (docs/epidemics.md, "Results"). */
export function resultFiles(
  world: World,
  days: ReadonlyMap<string, readonly string[]>,
  about: { counties: readonly string[] },
  log: RunLog,
): ResultFile[] {
  const conditions = world.model.conditions.map(({ name, states }) => ({ name, states }));
  const { files } = world.printed;
  if (!files.has(PRINT_FILE)) files.set(PRINT_FILE, []);
  return [
    textFile("conditions.json", `${JSON.stringify(conditions)}\n`),
    textFile("about.json", `${JSON.stringify(about, null, 2)}\n`),
    ...[...days].map(([path, lines]) => textFile(path, textOfLines(lines))),
    ...world.conditions
      .filter(({ exposedState }) => exposedState >= 0)
      .map((condition) =>
        textFile(`PLACES/${condition.name}.csv`, textOfLines(placeLines(world, condition, about.counties))),
      ),
    ...[...files].map(([name, lines]) => textFile(`USER_OUTPUT/${name}`, textOfLines(lines))),
    ...endFiles(log, 0),
  ];
}

/** What every result has, also that of a run that failed. */
export function endFiles(log: RunLog, code: number): ResultFile[] {
  return [textFile("logs.txt", log.text()), textFile("return_code.txt", `${code}\n`)];
}
