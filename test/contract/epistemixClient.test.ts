import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { lacks } from "../support/lacks";
import { run } from "../support/program";
import { tokenOf } from "../systems/epistemix/caller";
import { ENDLESS, OUTPUTS } from "../systems/epistemix/fred/outputs";
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
  let read: Record<string, unknown>;
  /** What a script prints of its dealings with the server. */
  async function drive(script: string, ...more: string[]): Promise<Record<string, unknown>> {
    const token = tokenOf(123).replace("Bearer ", "");
    const { out, err, code } = await run([join(import.meta.dir, script), server.roots.mounted, token, ...more], {
      command: [python],
    });
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    return JSON.parse(out.trim().split("\n").at(-1)!) as Record<string, unknown>;
  }
  beforeAll(async () => {
    server = await openEpistemix();
    [told, read] = await Promise.all([drive("epistemixClient.py"), drive("epistemixResults.py", OUTPUTS, ENDLESS)]);
    await server.stop();
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

  test("reads every kind of result, of all runs of the job", () => {
    const [first, second] = read["run_ids"] as [number, number];
    const DAYS = [0, 1, 2, 3, 4];
    const each = <Row>(rows: (day: number) => Row[]) =>
      [first, second].flatMap((id) => DAYS.flatMap(rows).map((row) => [id, ...(row as unknown[])]));
    expect(read["status"]).toBe("DONE");
    expect(read["dates"]).toEqual([
      ["run_id", "sim_day", "sim_date"],
      each((day) => [[day, `2020-01-0${day + 1}T00:00:00.000`]]),
    ]);
    expect(read["epi_weeks"]).toEqual([
      ["run_id", "sim_day", "epi_week"],
      each((day) => [[day, day < 4 ? "2020.01" : "2020.02"]]),
    ]);
    expect(read["pop_size"]).toEqual([["run_id", "sim_day", "pop_size"], each((day) => [[day, 82]])]);
    expect(read["print"]).toEqual([["run_id", "print_output"], each((day) => [[`day ${day}`]])]);
    expect(read["file"]).toEqual([["run_id", "file_output"], each((day) => [[`noted on ${day}`]])]);
    expect(read["numeric"]).toEqual([["run_id", "sim_day", "value"], each((day) => [[day, -2]])]);
    expect(read["list"]).toEqual([
      ["run_id", "sim_day", "list_index", "value"],
      each((day) => DAYS.slice(0, day + 1).map((index) => [day, index, index / 2])),
    ]);
    expect((read["wide"] as [string[]])[0]).toEqual(["run_id", "sim_day", ...DAYS.map((index) => `item_${index}`)]);
    expect(read["table"]).toEqual([
      ["run_id", "sim_day", "key", "value"],
      each((day) => (day % 2 === 0 ? [[day, 7, -2.5]] : [])),
    ]);
    expect(read["list_table"]).toEqual([
      ["run_id", "sim_day", "key", "list_index", "value"],
      [first, second].flatMap((id) => [
        [id, 4, 1, 0, 1],
        [id, 4, 1, 1, 2.5],
      ]),
    ]);
    const [columns, people] = read["csv"] as [string[], number[][]];
    expect(columns).toEqual(["run_id", "id", "sex"]);
    expect(people.map(([id, person]) => [id, person])).toEqual(
      [first, second].flatMap((id) => [0, 1, 2].map((person) => [id, person])),
    );
    expect([read["network"], read["network_on_day_0"]]).toEqual([[["3", "4"], [["3", "4", 0.25]]], 2]);
  });

  test("counts who is in a state, came to it, and came so far", () => {
    const state = read["state"] as Record<string, [string[], number[][]]>;
    const figures = (kind: string) => state[kind]![1].map(([, , figure]) => figure!);
    expect(state["cumulative"]![0]).toEqual(["run_id", "sim_day", "cumulative"]);
    expect(figures("new")[0]).toBeGreaterThanOrEqual(5);
    let soFar = 0;
    for (const [k, total] of figures("cumulative").entries()) {
      soFar = (k % 5 === 0 ? 0 : soFar) + figures("new")[k]!;
      expect(total).toBe(soFar);
      expect(figures("count")[k]).toBeLessThanOrEqual(total);
    }
    expect(read["log"]).toContainEqual(["INFO", "the run is done"]);
  });

  test("stops what runs, with the token of a notebook's hub in the other header", () => {
    // The client also names runs of the process's earlier jobs, which have ended.
    expect(read["stop"]).toStartWith("1 of 3 runs stopped");
    expect(read["stopped"]).toBe("ERROR");
    expect(read["shown"]).toEqual(["DONE", true]);
    expect(read["stop_log"]).toEqual([["ERROR", "The run was stopped by its user."]]);
  });
});
