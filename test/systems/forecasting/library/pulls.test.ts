import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { systemClock } from "../../../../src/platform/clock";
import { createPulls, type Pulls } from "../../../../src/systems/forecasting/library/pulls";
import { scratchFolder } from "../../../support/program";

setDefaultTimeout(20_000);

const log = { write: () => undefined } as never;
const modelsDir = scratchFolder();
let hub: ReturnType<typeof Bun.serve> | undefined;
afterEach(async () => {
  await hub?.stop(true);
  await rm(modelsDir, { recursive: true, force: true });
});

function pullsFrom(answer: (path: string) => Response | Promise<Response>): Pulls {
  hub = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: ({ url }) => answer(new URL(url).pathname) });
  const endpoint = `http://127.0.0.1:${hub.port}`;
  return createPulls({ modelsDir, hub: { endpoint, token: undefined }, clock: systemClock, log });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(5);
}

test("a pull is told while it runs, and one that failed with its reason until it is forgotten", async () => {
  const answered = Promise.withResolvers<Response>();
  const pulls = pullsFrom(() => answered.promise);
  pulls.start("owner/name", false);
  expect(pulls.list()).toMatchObject([{ id: "owner/name", state: "running", doneBytes: 0, totalBytes: 0 }]);
  expect(() => pulls.start("owner/name", false)).toThrow("is being pulled already");
  answered.resolve(new Response("gone", { status: 404 }));
  await until(() => pulls.list()[0]?.state === "failed");
  expect(pulls.list()[0]!.fault).toContain("404");
  expect([pulls.stop("owner/name"), pulls.list(), pulls.stop("owner/name")]).toEqual([true, [], false]);
});

test("a licence that must be accepted says so, and in the words of a page", async () => {
  const pulls = pullsFrom((path) =>
    Response.json(
      path.includes("/tree/")
        ? []
        : { sha: "a".repeat(40), cardData: { license: "cc-by-nc-4.0" }, siblings: [], tags: ["license:cc-by-nc-4.0"] },
    ),
  );
  pulls.start("owner/name", false);
  await until(() => pulls.list()[0]?.state === "failed");
  expect(pulls.list()[0]).toMatchObject({ asksForLicence: true });
  expect(pulls.list()[0]!.fault).not.toContain("--accept");
});

test("no more than two run at a time", () => {
  const pulls = pullsFrom(() => new Promise(() => undefined));
  for (const id of ["a/a", "b/b"]) pulls.start(id, false);
  expect(() => pulls.start("c/c", false)).toThrow("2 models are being pulled");
  expect(() => pulls.start("no/such/name", false)).toThrow("is no model id");
  pulls.stopAll();
});
