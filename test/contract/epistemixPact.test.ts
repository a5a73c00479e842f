import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { Verifier } from "@pact-foundation/pact";
import { startEpistemix } from "../systems/epistemix/support";

setDefaultTimeout(60_000);

/** The recorded contract of the epx client, verified as its own tools do it (test/golden/epistemix). */

const GOLDEN = join(import.meta.dir, "../golden/epistemix");
const MOUNTS = ["mounted", "alone"] as const;

/** The interactions that the verifier found to be kept. */
async function kept(file: string, provider: string, root: string): Promise<string[]> {
  // The verifier would tell its makers of each run.
  process.env["PACT_DO_NOT_TRACK"] = "true";
  const url = root.replace("127.0.0.1", "localhost");
  const verifier = new Verifier({ provider, providerBaseUrl: url, pactUrls: [join(GOLDEN, file)], logLevel: "error" });
  const { interactionResults } = JSON.parse(await verifier.verifyProvider()) as Verified;
  return interactionResults.filter(({ result }) => result === "OK").map(({ description }) => description);
}

interface Verified {
  interactionResults: { description: string; result: string }[];
}

const INTERACTIONS = [
  "a job registration request",
  "a job input submission request",
  "a run submission request",
  "a job run config submission request",
  "a job config submission request",
  "a request to get runs by job_id",
];
const UPLOADS = ["a job input upload request", "a run config upload request", "a job config upload request"];

describe.each(MOUNTS)("the contract %s", (mount) => {
  test("is kept to the letter in the contract's profile, all six interactions", async () => {
    const server = await startEpistemix({ EPISTEMIX_PROFILE: "contract", HOST: "localhost" });
    expect(await kept("epx-epistemix.exact.json", "Epistemix", server.roots[mount])).toEqual(INTERACTIONS);
  });

  test("is kept in its shapes by the live server on an empty database, all six interactions", async () => {
    const server = await startEpistemix({ HOST: "localhost" });
    expect(await kept("epx-epistemix.shape.json", "Epistemix", server.roots[mount])).toEqual(INTERACTIONS);
  });

  test("takes the three uploads of the contract's profile", async () => {
    const server = await startEpistemix({ EPISTEMIX_PROFILE: "contract", HOST: "localhost" });
    expect(await kept("epx-s3.json", "S3", server.roots[mount])).toEqual(UPLOADS);
  });
});
