import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, scratchFolder } from "../support/program";

setDefaultTimeout(60_000);

const folder = scratchFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const months = Array.from({ length: 60 }, (_, t) => {
  const date = `${2019 + Math.floor(t / 12)}-${String((t % 12) + 1).padStart(2, "0")}-01`;
  return `${date},${(200 + 2 * t + 50 * Math.sin((t * Math.PI) / 6) + ((t * 17) % 9)).toFixed(1)}`;
});
const sales = join(folder, "sales.csv");
writeFileSync(sales, `month,sales\n${months.join("\n")}\n`);

test("a file alone is enough: what was guessed, a table by the calendar, a backtest, what to do next", async () => {
  const { code, out } = await run(["forecast", sales]);
  expect(code).toBe(0);
  expect(out).toContain("60 rows; time month (monthly, ymd), target sales.");
  expect(out).toContain("ensemble, season 12, 12 steps");
  expect(out.match(/^2024-\d\d-01( +\d+\.\d){3}$/gm)).toHaveLength(12);
  expect(out).toMatch(
    /^Backtest over 3 windows: MASE \d\.\d\d; seasonal naive \d\.\d\d: \d+ % better; the 80 % band held \d+ %\.$/m,
  );
  expect(out).toContain("model pull OWNER/NAME");
});

test("JSON and CSV hold every step with its quantiles", async () => {
  const { out } = await run(["forecast", sales, "--format", "json", "--model", "theta", "--horizon", "3"]);
  const answer = JSON.parse(out);
  expect(answer.model).toBe("theta");
  expect(answer.forecasts[0].dates).toEqual(["2024-01-01", "2024-02-01", "2024-03-01"]);
  expect(Object.keys(answer.forecasts[0].quantiles)).toEqual(["0.1", "0.5", "0.9"]);
  const csv = (await run(["forecast", sales, "--format", "csv", "--horizon", "2"])).out.trim().split("\n");
  expect([csv[0], csv.length]).toEqual(["month,forecast,q0.1,q0.5,q0.9", 3]);
});

test("backtest of a file compares models in a table", async () => {
  const { out } = await run(["backtest", sales, "--models", "theta,drift", "--windows", "2", "--horizon", "6"]);
  expect(out).toMatch(/^ *model +mae +smape +mase/);
  expect(out).toMatch(/^ *theta .*\n *drift .*\n *seasonal_naive /m);
  expect(out).toMatch(/^2 windows of 6 steps, 6 apart\. Best: theta\. MASE /m);
});

test("rows at the end without a value are the horizon, and what stands beside them explains it", async () => {
  const day = (t: number) => new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10);
  const rows = Array.from(
    { length: 40 },
    (_, t) => `${day(t)},${10 + 5 * ((t * 7) % 3 === 0 ? 1 : 0)},${(t * 7) % 3 === 0 ? 1 : 0}`,
  );
  const promo = join(folder, "promo.csv");
  writeFileSync(promo, `date,y,promo\n${[...rows, `${day(40)},,1`, `${day(41)},,0`, `${day(42)},,1`].join("\n")}\n`);
  const answer = JSON.parse((await run(["forecast", promo, "--format", "json"])).out);
  const [{ dates, point, xreg }] = answer.forecasts;
  expect(dates).toEqual([day(40), day(41), day(42)]);
  for (const [step, value] of [15, 10, 15].entries()) expect(point[step]).toBeCloseTo(value, 9);
  expect(Object.keys(xreg.shares)).toEqual(["promo"]);
  // With its covariate the past is known as well; without it no season tells it.
  const known = ["forecast", promo];
  expect((await run(known)).out).toMatch(/^Backtest over 3 windows: MASE 0\.00; seasonal naive 0\.00/m);
  expect((await run([...known, "--covariates", "none"])).out).not.toContain("MASE 0.00");
  const told = await run(["forecast", promo, "--horizon", "5"]);
  expect(told.err).toContain(`Covariate promo has no value for ${day(43)}, ${day(44)}`);
  expect((await run(["forecast", promo, "--horizon", "5", "--future", "hold"])).out).toContain("(covariate_held)");
  expect((await run(["forecast", promo, "--covariates", "none"])).out).not.toContain("covariates promo");
});

test("a workbook is read as a file of text is, and a picture is drawn", async () => {
  const workbook = join(import.meta.dir, "../golden/forecasting/workbooks/openpyxl.xlsx");
  const picture = join(folder, "forecast.svg");
  const { code, out, err } = await run(["forecast", workbook, "--plot", picture, "--horizon", "3"]);
  expect([code, out.includes("sheet Sales")]).toEqual([0, true]);
  expect(err).toContain(`into ${picture}`);
  const svg = await Bun.file(picture).text();
  for (const told of ["Store &quot;A&quot;", "10 to 90 %", "history"]) expect(svg).toContain(told);
});

test.each([
  [["forecast", join(folder, "none.csv")], "cannot be read"],
  [["forecast", sales, "--target", "profit"], "There is no column"],
  [["forecast", sales, "--model", "oracle"], "no built-in model oracle"],
  [["forecast", sales, "--horizon", "0"], "--horizon"],
  [["backtest", sales, "--windows", "9"], "needs 109 points"],
])("%p is one sentence and an exit code", async (args, told) => {
  const { code, out, err } = await run(args);
  expect([code > 0, out, err.trim().split("\n").length]).toEqual([true, "", 1]);
  expect(err).toContain(told);
});
