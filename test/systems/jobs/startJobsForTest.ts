import { atTestEnd } from "../../support/endings";
import { type JobsServer, type StartOptions, startJobs } from "./support";

/** The program with jobs alone, ended with the present test. */
export async function startJobsForTest(
  env: Record<string, string> = {},
  options: StartOptions = {},
): Promise<JobsServer> {
  const server = await startJobs(env, options);
  atTestEnd(() => server.stop("SIGKILL"));
  return server;
}
