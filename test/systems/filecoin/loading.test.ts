import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Served, serve } from "../../support/program";
import { until } from "../../support/until";

setDefaultTimeout(30_000);

/** A Spacescope that holds every request until it is told to answer with a refusal. */
function holdingSpacescope() {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch() {
      await released;
      return new Response("{}", { status: 401 });
    },
  });
  return { url: `http://127.0.0.1:${server.port}/v2`, release, stop: () => server.stop(true) };
}

describe("a service whose history is still loading", () => {
  const served: Served[] = [];
  afterAll(() => Promise.all(served.map((one) => one.stop("SIGKILL"))));

  test("answers 503 with what to do and how far it is, then with why it failed; health says the same", async () => {
    const spacescope = holdingSpacescope();
    const env = { SPACESCOPE_TOKEN: "Bearer secret-token", SPACESCOPE_URL: spacescope.url };
    const program = await serve(["--only", "filecoin"], { env });
    served.push(program);
    const answer = await fetch(`${program.url}/simulate`, { method: "POST", body: "{}" });
    const { detail } = await answer.json();
    expect([answer.status, answer.headers.has("retry-after")]).toEqual([503, true]);
    expect(detail).toStartWith("Historical data not loaded yet; try again shortly");
    const health = async () => (await fetch(`${program.url}/health`)).json();
    expect((await health()).systems.filecoin).toMatchObject({ ready: false, status: "loading" });
    expect((await fetch(`${program.url}/health/ready`)).status).toBe(503);
    spacescope.release();
    await until(async () => (await health()).systems.filecoin.notes.length > 0, "the refusal in health");
    expect(JSON.stringify(await health())).not.toContain("secret-token");
    expect(program.err()).not.toContain("secret-token");
    spacescope.stop();
  });

  test("serves the sample meanwhile where it was told to, and says so", async () => {
    const spacescope = holdingSpacescope();
    const env = { SPACESCOPE_TOKEN: "x", SPACESCOPE_URL: spacescope.url, FILECOIN_HISTORY_FALLBACK: "sample" };
    const program = await serve(["--only", "filecoin"], { env });
    served.push(program);
    const answer = await fetch(`${program.url}/simulate`, { method: "POST", body: '{"forecast_length_days":3}' });
    expect([answer.status, (await answer.json()).source]).toEqual([200, "sample"]);
    spacescope.release();
    spacescope.stop();
  });
});
