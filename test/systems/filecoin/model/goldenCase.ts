import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../../../src/systems/filecoin/model/engine";
import { forecast } from "../../../../src/systems/filecoin/model/forecast";
import { type ScenarioMembers, scenarioFrom } from "../../../../src/systems/filecoin/scenario";
import type { OutputName } from "../../../../src/systems/filecoin/schema/series";

/** What the original's engine, server and connector gave; its README says how each was made. */
export const goldens = join(import.meta.dir, "../../../golden/filecoin");

interface GoldenSeries {
  length: number;
  index: string;
  values: (number | string)[] | { constant: number };
  sum: number;
  abs_sum: number;
  min: number | null;
  max: number | null;
  nonfinite: number;
}

export interface GoldenCase {
  case: string;
  input: ScenarioMembers;
  total_days: number;
  aliases: Record<string, OutputName>;
  sample_index: Record<string, number[]>;
  series: Record<string, GoldenSeries>;
}

/** A request to the original's server and its answer. */
export interface GoldenExchange<Body> {
  name: string;
  request: { method: string; path: string; body: unknown; raw_body: string | null };
  status: number;
  body: Body;
}

export function exchanges<Body>(): GoldenExchange<Body>[] {
  const folder = join(goldens, "http");
  return readdirSync(folder).map((name) => readJson<GoldenExchange<Body>>(join(folder, name)));
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

export function casesIn(folder: string): GoldenCase[] {
  const names = readdirSync(join(goldens, folder)).filter((name) => name !== "history.json");
  return names.sort().map((name) => readJson<GoldenCase>(join(goldens, folder, name)));
}

/** What the engine does differently from the golden run, beyond the tolerance of its arithmetic; empty when it agrees. */
export function differences(engine: Engine, golden: GoldenCase): string[] {
  const run = forecast(engine, scenarioFrom(golden.input, engine.history.smoothed));
  const found = Object.entries(golden.series).flatMap(([name, expected]) =>
    seriesDifferences(run.series(name as OutputName), expected, golden.sample_index).map((what) => `${name}: ${what}`),
  );
  for (const [alias, name] of Object.entries(golden.aliases)) {
    const same = Buffer.from(run.series(alias as OutputName).slice().buffer).equals(
      Buffer.from(run.series(name).slice().buffer),
    );
    if (!same) found.push(`${alias}: differs from ${name}`);
  }
  return found;
}

function seriesDifferences(
  actual: Float64Array,
  golden: GoldenSeries,
  sampleIndex: Record<string, number[]>,
): string[] {
  if (actual.length !== golden.length) return [`expected ${golden.length} entries, got ${actual.length}`];
  const finite = actual.filter(Number.isFinite);
  const nonfinite = actual.length - finite.length;
  if (nonfinite !== golden.nonfinite) return [`expected ${golden.nonfinite} non-finite entries, got ${nonfinite}`];
  const found: string[] = [];
  const scale = Math.max(Math.abs(golden.min ?? 0), Math.abs(golden.max ?? 0));
  const near = (value: number, expected: number) =>
    Object.is(value, expected) || Math.abs(value - expected) <= 1e-9 * Math.abs(expected) + 1e-12 * scale;
  const { values } = golden;
  if (Array.isArray(values)) {
    for (const [k, index] of sampleIndex[golden.index]!.entries()) {
      const expected = Number(values[k]);
      if (!near(actual[index]!, expected)) found.push(`[${index}] expected ${expected}, got ${actual[index]}`);
    }
  } else if (!actual.every((value) => near(value, values.constant))) {
    found.push(`expected ${values.constant} throughout`);
  }
  const sum = finite.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - golden.sum) > 1e-9 * golden.abs_sum) found.push(`expected a sum of ${golden.sum}, got ${sum}`);
  return found.slice(0, 3);
}
