import type { WorkPool } from "../../../platform/compute/pool";
import type { Records } from "../records";
import type { RunRequest } from "../schema/requests";
import { type ConfigurationFault, type RunArguments, readArguments } from "./arguments";

/** What is wrong with each configuration: in its words, with its locations, with the names that its model should have. */
export type FaultFinder = (requests: readonly RunRequest[]) => Promise<(readonly ConfigurationFault[])[]>;

/** A model that takes longer than this to read is left to the run to read. */
const MAX_CHECKED_INPUT_BYTES = 1024 * 1024;
const CHECK_COST_MS = 5;

export function faultFinder({ storage, jobs, blobs }: Records, pool: WorkPool): FaultFinder {
  async function namesOf(jobId: number, main: string): Promise<readonly string[] | null> {
    const job = await storage.read((db) => jobs.find(db, jobId));
    if (job === undefined || job.inputLocation === null) return namesIn(new Uint8Array(), main);
    const blob = await blobs.get(job.inputLocation);
    if (blob === undefined || blob.sizeBytes > MAX_CHECKED_INPUT_BYTES) return null;
    return namesIn(new Uint8Array(await blob.bytes()), main);
  }

  function namesIn(input: Uint8Array, main: string) {
    return pool.run({ kind: "epistemix.names", input: { input, main }, costMs: CHECK_COST_MS });
  }

  return async (requests) => {
    const { countiesOfAll, unknownParameter } = await import("../fred");
    const known = new Map<string, Promise<readonly string[] | null>>();
    async function faultsOf(jobId: number, { main, options, faults }: RunArguments): Promise<ConfigurationFault[]> {
      const all = [...faults];
      const places = countiesOfAll(options.locations ?? []);
      if ("fault" in places) all.push({ key: "location", error: places.fault });
      const given = Object.keys(options.parameters ?? {});
      if (given.length === 0) return all;
      const key = `${jobId} ${main}`;
      const names = await (known.get(key) ?? known.set(key, namesOf(jobId, main)).get(key)!);
      for (const name of names === null ? [] : given)
        if (!names!.includes(name)) all.push({ key: "-o", error: unknownParameter(name, names!) });
      return all;
    }
    return Promise.all(requests.map((request) => faultsOf(request.jobId, readArguments(request))));
  };
}
