import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { historyFileOf } from "../../src/systems/filecoin/history/file";
import { sampleHistory } from "../../src/systems/filecoin/history/sample";
import { run, scratchFolder, sourceCommand } from "../support/program";
import {
  type Fault,
  ingestGoldens,
  type LocalSpacescope,
  type SpacescopeRows,
  SYNTHETIC,
  serveSpacescope,
  syntheticRows,
  TEST_TOKEN,
} from "../support/spacescope";
import { until } from "../support/until";

setDefaultTimeout(30_000);

let server: LocalSpacescope | undefined;
afterEach(async () => {
  await server?.stop();
});

const DATES = ["--start", SYNTHETIC.startDate, "--today", SYNTHETIC.today];
const env = { SPACESCOPE_TOKEN: TEST_TOKEN };

function fetchArgs(rows: SpacescopeRows = syntheticRows(), fault?: Fault): string[] {
  server = serveSpacescope(rows, fault);
  return ["history", "fetch", "--url", `${server.url}/`];
}

describe("history fetch", () => {
  test("writes the original's history of the recorded rows", async () => {
    const { expected, rows, today } = ingestGoldens();
    const cwd = scratchFolder();
    const args = ["--start", expected.start_date, "--today", today, "--out", "history.json"];
    const { code, out } = await run([...fetchArgs(rows), ...args], { cwd, env });
    expect([code, out]).toEqual([0, "Written to history.json: 2025-01-01 to 2025-06-30, 181 days\n"]);
    const { measured_stocks: stocks, ...file } = JSON.parse(readFileSync(join(cwd, "history.json"), "utf8"));
    expect(stocks.circulating_fil[0]).toBe(expected.offline_data.circ_supply_zero);
    expect(stocks.locked_fil).toHaveLength(181);
    expect(file).toEqual({
      start_date: expected.start_date,
      current_date: expected.current_date,
      smoothed_metrics: {
        raw_byte_power: expected.smoothed_rbp,
        renewal_rate: expected.smoothed_rr,
        filplus_rate: expected.smoothed_fpr,
      },
      historical_arrays: {
        raw_byte_power: expected.hist_rbp,
        renewal_rate: expected.hist_rr,
        filplus_rate: expected.hist_fpr,
      },
      offline_data: expected.offline_data,
    });
  });

  test("writes a file that a forecast can start from, and tells what was mended to standard error", async () => {
    const cwd = scratchFolder();
    const fetched = await run([...fetchArgs(), ...DATES, "--out", "h.json"], { cwd, env });
    expect([fetched.code, fetched.out]).toEqual([0, "Written to h.json: 2025-01-01 to 2025-04-11, 101 days\n"]);
    expect(fetched.err).toStartWith("note: /power/network_storage_capacity lacks 2020-10-15");
    // Not a terminal, so that there is no bar.
    expect(fetched.err).not.toContain("\r");
    const forecast = await run(["simulate", "--history", "h.json", "--days", "30", "--series", "circ_supply"], { cwd });
    expect(forecast.code).toBe(0);
    expect(JSON.parse(forecast.out).series.circ_supply).toHaveLength(130);
  });

  test("without --out keeps it in the data folder", async () => {
    const cwd = scratchFolder();
    const { code, out } = await run([...fetchArgs(), ...DATES], { cwd, env });
    expect([code, out]).toEqual([0, "Kept in data/filecoin_history.json: 2025-01-01 to 2025-04-11, 101 days\n"]);
    const shown = await run(["history", "show"], { cwd });
    expect(shown.out).toMatch(/^source +spacescope\nfirst day +2025-01-01\nlast day +2025-04-11, \d+ days ago\n/);
    expect(shown.out).toMatch(/^raw power +4\.098 EiB$/m);
    expect(shown.out).toMatch(/^note +\/power\/network_storage_capacity lacks/m);
  });

  test("waits and asks again where that helps", async () => {
    const fault: Fault = ({ path }, count) =>
      path === "/deals/deal_size" && count === 1 ? new Response("", { status: 503 }) : undefined;
    const args = [...fetchArgs(syntheticRows(), fault), ...DATES, "--out", "h.json"];
    expect((await run(args, { cwd: scratchFolder(), env })).code).toBe(0);
    expect(server!.seen).toHaveLength(28 + 3);
  });

  test("tells what went wrong, writes nothing, and never shows the token", async () => {
    const cwd = scratchFolder();
    const fault: Fault = ({ authorization }) => Response.json({ message: `not ${authorization}` }, { status: 403 });
    const { code, out, err } = await run([...fetchArgs(syntheticRows(), fault), ...DATES, "--out", "h.json"], {
      cwd,
      env,
    });
    expect([code, out, readdirSync(cwd)]).toEqual([1, "", []]);
    expect(err).toContain("refused the token with 403");
    expect(err).not.toContain("test-token");
  });

  test("ends at Ctrl-C in good order, leaving an older file as it is", async () => {
    const cwd = scratchFolder();
    writeFileSync(join(cwd, "h.json"), "older");
    const args = fetchArgs(syntheticRows(), () => new Promise(() => undefined));
    const child = Bun.spawn([...sourceCommand, ...args, ...DATES, "--out", "h.json"], {
      cwd,
      env: { ...env, PATH: process.env["PATH"] ?? "" },
      stderr: "pipe",
    });
    await until(() => server!.seen.length > 0, "the first request");
    child.kill("SIGINT");
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stderr).text()).toBe("foresight: interrupted; nothing was written\n");
    expect(readFileSync(join(cwd, "h.json"), "utf8")).toBe("older");
  });

  test.each([
    [["--start", "2025-02-30"], "--start: expected a date such as 2025-01-01"],
    [["--today", "soon"], "--today: expected a date"],
    [["--url", "ftp://x"], "--url: expected an http or https address"],
    [["--url", "http://me:s3cret@x/"], "--url: expected an http or https address without user"],
    [["--start", "2019-01-01", "--today", "2025-01-01"], "The start date 2019-01-01"],
    [["--start", "2025-01-01", "--today", "2025-01-02"], "expected 2 to 7301 days before today"],
  ])("%p is one clear sentence and exit code 2", async (args, sentence) => {
    const { code, err } = await run(["history", "fetch", ...args], { cwd: scratchFolder(), env });
    expect(code).toBe(2);
    expect(err).toContain(sentence);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  test("without a token says where one may come from", async () => {
    const cwd = scratchFolder();
    const without = await run([...fetchArgs(), ...DATES], { cwd });
    expect([without.code, without.err]).toEqual([
      2,
      "foresight: No token: set SPACESCOPE_TOKEN, or put one into .spacescope_auth.\n",
    ]);
    writeFileSync(join(cwd, ".spacescope_auth"), JSON.stringify({ auth_key: TEST_TOKEN }));
    expect((await run(["history", "fetch", "--url", server!.url, ...DATES], { cwd })).code).toBe(0);
  });
});

describe("history import and show", () => {
  test("a file that is right is kept and shown", async () => {
    const cwd = scratchFolder();
    writeFileSync(join(cwd, "h.json"), JSON.stringify(historyFileOf(sampleHistory())));
    const imported = await run(["history", "import", "h.json", "--data-dir", "kept"], { cwd });
    expect([imported.code, imported.out]).toEqual([
      0,
      "Kept in kept/filecoin_history.json: 2022-10-10 to 2025-09-09, 1066 days\n",
    ]);
    const shown = await run(["history", "show", "--data-dir", "kept"], { cwd });
    expect(shown.out).toMatch(/^source +file$/m);
    expect(shown.out).toMatch(/^kept since +\d{4}-/m);
  });

  test("one that is not is refused with its fault, and what was kept stays", async () => {
    const cwd = scratchFolder();
    const { burnt_fil_vec: _, ...rest } = historyFileOf(sampleHistory()).offline_data;
    writeFileSync(join(cwd, "h.json"), JSON.stringify({ ...historyFileOf(sampleHistory()), offline_data: rest }));
    const { code, err } = await run(["history", "import", "h.json"], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("The history h.json cannot be used: offline_data.burnt_fil_vec: expected");
    expect(existsSync(join(cwd, "data"))).toBe(false);
  });

  test("without anything kept it is the sample", async () => {
    const { code, out } = await run(["history", "show"], { cwd: scratchFolder() });
    expect(code).toBe(0);
    expect(out).toMatch(/^source +sample\n/);
    expect(out).toMatch(/^kept since +not kept/m);
  });

  test("a kept one that is broken is told, and the sample shown", async () => {
    const cwd = scratchFolder();
    await Bun.write(join(cwd, "data/filecoin_history.json"), "{");
    const { code, out, err } = await run(["history", "show"], { cwd });
    expect([code, out.split("\n")[0]!.split(/ +/)[1]]).toEqual([0, "sample"]);
    expect(err).toStartWith("warning: The kept history data/filecoin_history.json is not used");
  });
});
