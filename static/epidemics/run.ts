import type { LaunchAnswer, LaunchRequest } from "../../src/systems/epistemix/schema/page";
import { postJson } from "../common/api";
import { toast } from "../common/toast";
import { jobs } from "./jobs-stream";
import * as place from "./place";
import { at } from "./session";

/** The job that is shown: the chosen one, else the newest. */
export function shownJobId(): number {
  return place.chosenJob.get() || (jobs.get()?.[0]?.id ?? 0);
}

/** What the page asks to be run now. @throws Error with what is wrong with a field */
function launchOf(): LaunchRequest {
  const files = { ...place.modelFiles.get() };
  const main = files[place.MAIN_FILE] === undefined ? Object.keys(files)[0]! : place.MAIN_FILE;
  const locations = listOf(place.locations.get());
  if (locations.length === 0) throw new Error("Enter a location, such as Jefferson_County_PA.");
  return {
    files,
    main,
    locations,
    startDate: place.startDate.get(),
    endDate: place.endDate.get(),
    runs: place.runCount.get(),
    seed: place.firstSeed.get(),
    parameters: parametersIn(place.parameters.get()),
    title: titleOf(files[main]!),
  };
}

/** Runs the model of the editor and shows it beside the job that was shown. */
export async function launch(): Promise<void> {
  const before = shownJobId();
  const { jobId, errors } = await postJson<LaunchAnswer>(at("/jobs"), launchOf());
  place.showJob(jobId, before);
  for (const { key, error } of errors) toast(`${key}: ${error}`);
}

/** The same for the palette, whose faults are told in passing. */
export async function runNow(): Promise<void> {
  await launch().catch((thrown: Error) => toast(thrown.message));
}

export function listOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== "");
}

/** @throws Error that says how parameters are written */
export function parametersIn(text: string): Record<string, string> {
  const parts = text.split(/[,;\n]+/).filter((part) => part.trim() !== "");
  return Object.fromEntries(
    parts.map((part) => {
      const [, name, value] = /^\s*(\w+)\s*=\s*(.+?)\s*$/.exec(part) ?? [];
      if (name === undefined) throw new Error(`Parameters: write name=value, not ${part.trim()}.`);
      return [name, value!] as const;
    }),
  );
}

/** A job is called by the first condition of its model. */
function titleOf(program: string): string {
  return /^\s*condition\s+(\w+)/m.exec(program)?.[1]?.toLowerCase() ?? "model";
}
