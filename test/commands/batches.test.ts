import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run, scratchFolder } from "../support/program";

setDefaultTimeout(30_000);

const isPng = (path: string) => readFileSync(path).subarray(1, 4).toString() === "PNG";

describe("montecarlo", () => {
  const args = ["montecarlo", "--runs", "60", "--days", "40", "--series", "circ_supply,network_locked", "--seed", "5"];

  test("prints bands as JSON, CSV and table, the same each time", async () => {
    const answer = JSON.parse((await run(args)).out);
    expect(answer.stamp).toMatchObject({ engine: "cpu-f64", seed: 5 });
    expect(answer.runs).toEqual({ total: 60, done: 60 });
    expect(answer.bands.series.circ_supply.p50).toHaveLength(40);
    const csv = (await run([...args, "--format", "csv"])).out.trim().split("\n");
    expect(Number(csv[40]!.split(",")[3])).toBe(answer.bands.series.circ_supply.p50[39]);
    const table = (await run([...args, "--format", "table"])).out.trim().split("\n");
    expect(table.at(-1)!.split(/ +/).slice(0, 2).join(",")).toBe(csv[40]!.split(",").slice(0, 2).join(","));
    expect(JSON.parse((await run(args)).out)).toEqual(answer);
  });

  test("draws a fan chart of each series", async () => {
    const cwd = scratchFolder();
    const { code, out, err } = await run([...args, "--plot", "fan.png"], { cwd });
    expect([code, out]).toEqual([0, ""]);
    expect(err).toContain("fan-circ_supply.png");
    for (const name of ["circ_supply", "network_locked"]) expect(isPng(join(cwd, `fan-${name}.png`))).toBe(true);
    await run(["montecarlo", "--runs", "9", "--days", "9", "--series", "circ_supply", "--plot", "one.svg"], { cwd });
    expect(readFileSync(join(cwd, "one.svg"), "utf8")).toContain("Circulating supply, 9 runs");
  });

  test("takes the members of a file, flags over them", async () => {
    const input = JSON.stringify({ runs: 7, distributions: { rbp: { kind: "uniform", low: 1, high: 2 } } });
    const { out } = await run(["montecarlo", "--scenario", "-", "--days", "9", "--runs", "8"], { input });
    expect(JSON.parse(out).runs.total).toBe(8);
  });
});

describe("sweep", () => {
  const axes = [
    "sweep",
    "--axes",
    "rbp=1:3:3,rr=0.5:0.9:2",
    "--days",
    "30",
    "--series",
    "network_RBP_EIB",
    "--at",
    "29",
  ];

  test("prints every point of a grid with what comes of it", async () => {
    const { out } = await run([...axes, "--format", "csv"]);
    const [head, ...rows] = out.trim().split("\n");
    expect(head).toBe("run,rbp,rr,network_RBP_EIB_day29");
    expect(rows.map((row) => row.split(",").slice(1, 3).join(" "))).toEqual([
      "1 0.5",
      "1 0.9",
      "2 0.5",
      "2 0.9",
      "3 0.5",
      "3 0.9",
    ]);
    const power = rows.map((row) => Number(row.split(",")[3]));
    expect(power[5]!).toBeGreaterThan(power[0]!);
  });

  test("draws a grid over two inputs as a heat map, over one as a line", async () => {
    const cwd = scratchFolder();
    expect((await run([...axes, "--plot", "heat.png"], { cwd })).code).toBe(0);
    expect(isPng(join(cwd, "heat.png"))).toBe(true);
    await run(["sweep", "--axes", "rbp=1:3", "--days", "9", "--series", "network_RBP_EIB", "--plot", "line.svg"], {
      cwd,
    });
    expect(readFileSync(join(cwd, "line.svg"), "utf8")).toContain("Raw power on day 8");
  });
});

describe("backtest", () => {
  const args = ["--series", "network_RBP_EIB,circ_supply", "--format", "csv"];

  test("prints scores by series and horizon, also as simulate --backtest", async () => {
    const { out } = await run(["backtest", ...args]);
    const [head, ...rows] = out.trim().split("\n");
    expect(head).toStartWith("series,truth,horizon_days,forecasts,mape,bias");
    const told = rows.map((row) => row.split(",").slice(0, 3).join(" "));
    expect(told.slice(0, 4)).toEqual([30, 90, 180, 365].map((days) => `network_RBP_EIB measured ${days}`));
    // The sample's measured supply ends before its current date.
    for (const truth of ["measured", "reconstructed"]) expect(told).toContain(`circ_supply ${truth} 30`);
    expect((await run(["simulate", "--backtest", ...args])).out).toBe(out);
  });

  test("draws forecasts beside what came", async () => {
    const cwd = scratchFolder();
    await run(["backtest", "--anchors", "4", "--runs", "20", "--series", "circ_supply", "--plot", "skill.svg"], {
      cwd,
    });
    expect(readFileSync(join(cwd, "skill.svg"), "utf8")).toContain("forecast 90 days ahead, and what came");
  });
});

test.each([
  [["montecarlo", "--runs", "0"], "runs"],
  [["montecarlo", "--runs", "many"], '"many"'],
  [["montecarlo", "--method", "guess"], "method"],
  [["montecarlo", "--series", "rain"], "rain"],
  [["montecarlo", "--plot", "fan.gif"], "fan.gif"],
  [["montecarlo", "--format", "xml"], "xml"],
  [["montecarlo", "--scenario", "/nowhere.json"], "/nowhere.json"],
  [["sweep"], "axes"],
  [["sweep", "--axes", "rbp"], "input=low:high"],
  [["sweep", "--axes", "rain=1:2"], "rain"],
  [["sweep", "--axes", "rbp=2:1"], "low below high"],
  [["sweep", "--axes", "rbp=1:2", "--days", "5", "--at", "5"], "at_days"],
  [
    ["sweep", "--axes", "rbp=1:2", "--method", "latin_hypercube", "--runs", "5", "--days", "5", "--plot", "x.png"],
    "grid",
  ],
  [["backtest", "--horizons", "1000"], "horizons_days"],
  [["backtest", "--series", "1y_sector_roi"], "1y_sector_roi"],
  [["simulate", "--backtest", "--rbp", "3"], "--rbp"],
])("%p is one clear sentence and exit code 2", async (args, named) => {
  const cwd = scratchFolder();
  const { code, out, err } = await run(args, { cwd });
  expect([code, out]).toEqual([2, ""]);
  expect(err.trim().split("\n")).toHaveLength(1);
  expect(err).toContain(named);
  expect(existsSync(join(cwd, "x.png"))).toBe(false);
});
