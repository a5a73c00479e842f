import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { lacks } from "../support/lacks";
import { run } from "../support/program";
import { tokenOf } from "../systems/epistemix/caller";
import { type EpistemixServer, openEpistemix } from "../systems/epistemix/support";

setDefaultTimeout(120_000);

/** The published client, as its users run it. `EPX_PYTHON` names a Python that has it; default is python3. */

const CLIENT_VERSION = "1.2.2";
const python = process.env["EPX_PYTHON"] ?? "python3";

async function clientVersion(): Promise<string | undefined> {
  if (Bun.which(python) === null) return undefined;
  const { out } = await run(["-c", "import epx; print(epx.__version__)"], { command: [python] });
  return out.trim();
}

const isThere = (await clientVersion()) === CLIENT_VERSION;

describe.skipIf(lacks(`a Python 3.11 with epx ${CLIENT_VERSION} (EPX_PYTHON)`, isThere))("the epx client", () => {
  let server: EpistemixServer;
  let told: Record<string, unknown>;
  beforeAll(async () => {
    server = await openEpistemix();
    const script = join(import.meta.dir, "epistemixClient.py");
    const { out, err, code } = await run([script, server.roots.mounted, tokenOf(123).replace("Bearer ", "")], {
      command: [python],
    });
    await server.stop();
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    told = JSON.parse(out.trim().split("\n").at(-1)!) as Record<string, unknown>;
  });

  test("raises a failed run after it tried once more by itself, and shows its log", () => {
    expect(told["failed"]).toEqual(["RuntimeError", expect.stringContaining("failed with the following error")]);
    expect(told["status"]).toBe("ERROR");
    expect(told["logs"]).toContainEqual(["ERROR", expect.stringContaining("main.fred:4")]);
    expect(told["retried"]).toEqual([1, 1, 1]);
  });

  test("gets its seeds back to the last digit", () => {
    const seeds = ["18446744073709551615", "9441442522235856127", "9007199254740993"];
    expect(told["sent_seeds"]).toEqual(seeds);
  });

  test("submits a sweep, and is told what cannot be run", () => {
    expect(told["sweep_runs"]).toBe(2);
    expect(told["refused"]).toEqual(["RunConfigError", expect.stringContaining("--end-date")]);
    expect(told["old_version"]).toEqual(["RunConfigError", expect.stringContaining("fredVersion")]);
  });

  test("finds its jobs by tags and dates, and the latest", () => {
    expect([told["by_tags"], told["by_date"], told["latest"]]).toEqual([true, 0, true]);
  });

  test("stops nothing that has ended, deletes once, and says why it is refused", () => {
    expect(told["not_running"]).toEqual(["RuntimeError", expect.stringContaining("ERROR")]);
    expect(told["deleted_again"]).toEqual(["NotFoundError", expect.stringContaining("not found")]);
    expect(told["bad_token"]).toEqual(["RuntimeError", "FRED Cloud error code: 400"]);
  });
});
