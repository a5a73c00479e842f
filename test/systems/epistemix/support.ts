import { atTestEnd } from "../../support/endings";
import { type RunOptions, type Served, scratchFolder, serve } from "../../support/program";

/** The program with the epidemic platform alone, under `/epistemix` and at the root of a port of its own. */
export interface EpistemixServer extends Served {
  /** Both addresses of the API. */
  roots: { mounted: string; alone: string };
}

/** Starts it, to be ended with the present test. */
export async function startEpistemix(...given: Parameters<typeof openEpistemix>): Promise<EpistemixServer> {
  const server = await openEpistemix(...given);
  atTestEnd(() => server.stop("SIGKILL"));
  return server;
}

/** Starts it; whoever asks ends it. */
export async function openEpistemix(
  env: Record<string, string> = {},
  options: RunOptions & { dataDir?: string } = {},
): Promise<EpistemixServer> {
  const { dataDir = scratchFolder(), ...rest } = options;
  const served = await serve(["--only", "epistemix"], { dataDir, env: { EPISTEMIX_PORT: "0", ...env }, ...rest });
  const alone = /"serving aside".*?"url":"([^"]+)"/.exec(served.err())?.[1];
  if (alone === undefined) throw new Error(`no port of its own: ${served.err()}`);
  return { ...served, roots: { mounted: `${served.url}/epistemix`, alone } };
}
