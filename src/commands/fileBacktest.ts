import { backtestFile } from "../systems/forecasting";
import { fileBytes, fileOptions, wholeNumber } from "./forecast";
import { flag, oneOf, PRINT_FORMATS } from "./scenarioArgs";
import { textTable } from "./textTable";

type Backtest = Awaited<ReturnType<typeof backtestFile>>;

/** Prints how good built-in models would have been on the series of a file. */
export async function printFileBacktest(path: string, args: Record<string, unknown>): Promise<number> {
  const format = oneOf("--format", flag(args, "format") ?? "table", PRINT_FORMATS);
  const models = flag(args, "models")?.split(",");
  const windows = wholeNumber(args, "windows");
  const step = wholeNumber(args, "step");
  const given = { ...(models && { models }), ...(windows && { windows }), ...(step && { step }) };
  const backtest = await backtestFile(await fileBytes(path), { ...fileOptions(args), ...given });
  const print = { json: () => jsonText(backtest), csv: () => csvText(backtest), table: () => tableText(backtest) };
  await Bun.write(Bun.stdout, print[format]());
  return 0;
}

function tableText(backtest: Backtest): string {
  const { windows, horizon, step, verdict, best } = backtest;
  return `${textTable(csvText(backtest))}\n${windows} windows of ${horizon} steps, ${step} apart. Best: ${best}. ${verdict}\n`;
}

function csvText({ results }: Backtest): string {
  const names = Object.keys(results[0]!.metrics) as (keyof Backtest["results"][0]["metrics"])[];
  const rows = results.map(({ model, metrics }) => [
    model,
    ...names.map((name) => metrics[name]?.toPrecision(4) ?? ""),
  ]);
  return [["model", ...names], ...rows].map((row) => `${row.join(",")}\n`).join("");
}

function jsonText({ results, ...rest }: Backtest): string {
  const told = results.map(({ series, ...result }) => ({
    ...result,
    series: series.map((one) => ({
      ...one,
      windows: one.windows.map(({ cutoff, point, quantiles }) => {
        return { cutoff, point: [...point], quantiles: quantiles.map((quantile) => [...quantile]) };
      }),
    })),
  }));
  return `${JSON.stringify({ results: told, ...rest })}\n`;
}
