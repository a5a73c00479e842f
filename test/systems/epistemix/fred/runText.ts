import { runModel } from "../../../../src/systems/epistemix/fred";
import type { ModelRun, RunOptions } from "../../../../src/systems/epistemix/fred/model";

/** Seed of a run whose chance does not matter. */
const SEED = 20_200_101n;

/** Runs a program in the smallest county, ten days from new year 2020 unless it says otherwise. */
export function runText(
  text: string,
  { seed = SEED, ...options }: Partial<Omit<RunOptions, "seed">> & { seed?: bigint | "own" } = {},
  more: Partial<Pick<ModelRun, "files" | "onDay" | "signal">> = {},
) {
  const result = runModel({
    ...more,
    files: { "main.fred": text, ...more.files },
    main: "main.fred",
    options: {
      ...(seed === "own" ? {} : { seed }),
      locations: ["Loving_County_TX"],
      startDate: "2020-01-01",
      endDate: "2020-01-10",
      ...options,
    },
    nowMs: () => 0,
  });
  const file = (path: string) => {
    const found = result.files.find((candidate) => candidate.path === path);
    return found && new TextDecoder().decode(found.bytes);
  };
  /** The second column of a file, by day. */
  const column = (path: string) =>
    (file(path) ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[1]!);
  return { ...result, file, column, daily: (name: string) => column(`DAILY/${name}.txt`).map(Number) };
}
