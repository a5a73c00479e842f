import type { BlobStore } from "../../../platform/blobs/blobs";
import { type LinkedFile, type Presentation, presentJob, presentRun } from "./present";

const DAY_S = 86_400;

/** What is there, with signed links to it. Downloads are good for a day, as the original's are. */
export function livePresentation(blobs: Pick<BlobStore, "presign">, uploadTtlS: number): Presentation {
  const link: Presentation["link"] = (op, _what, key, origin) =>
    blobs.presign({ op, key, ttlS: op === "put" ? uploadTtlS : DAY_S, origin });
  return {
    registeredUser: (userId) => userId,
    link,
    run: (row, origin) => presentRun(row, (what, key) => link("get", what, key, origin)),
    job: presentJob,
  };
}

const CONTRACT_HOST = "http://localhost:5556";

/** The paths that the recorded contract uploads to. */
export const CONTRACT_UPLOADS: Readonly<Record<Exclude<LinkedFile, "results">, string>> = {
  input: "/pre-signed-url",
  "job config": "/pre-signed-url-job-config",
  "run config": "/pre-signed-url-run",
};

/** The fixed values of the recorded contract in the place of what changes from run to run (docs/epistemix.md). */
export function contractPresentation(): Presentation {
  const link = (what: LinkedFile) => `${CONTRACT_HOST}${what === "results" ? "/results" : CONTRACT_UPLOADS[what]}`;
  return {
    registeredUser: () => 456,
    link: (_op, what) => link(what),
    run: (row) => ({
      ...presentRun(row, link),
      userId: 555,
      createdTs: "2023-10-01T12:00:00Z",
      podPhase: "Running",
      status: "DONE",
    }),
    job: presentJob,
  };
}
