import { type ArgsDef, defineCommand } from "citty";
import { loadConfig, readEnvFile } from "../config/load";
import { commandName } from "../platform/commandName";
import { messageOf, UsageError } from "../platform/errors";
import {
  backtestData,
  type FileAnswer,
  type FileOptions,
  forecastFile,
  forecastRequestFile,
  modelsDirOf,
  possibleWindows,
} from "../systems/forecasting";
import { plotForecast } from "./plotForecast";
import { flag, oneOf, PRINT_FORMATS, pictureEnding, textArg } from "./scenarioArgs";

/** How a file of series is read; what is not stated is guessed and told. */
export const dataArgs = {
  time: textArg("Column of the dates (default: guessed)", "COLUMN"),
  target: textArg("Column to forecast (default: guessed)", "COLUMN"),
  id: textArg("Column that tells series apart (default: none)", "COLUMN"),
  horizon: textArg("Steps ahead (default: one season)", "N"),
  delimiter: textArg("What separates cells (default: guessed)", "C"),
  sheet: textArg("Sheet of a workbook (default: the first)", "NAME"),
  covariates: textArg("Columns known ahead too, comma-separated, or none (default: guessed)", "A,B"),
  future: textArg("error or hold, of covariates without values ahead (default error)", "HOW"),
  decimal: textArg("Decimal sign, . or , (default: guessed)", "C"),
  thousands: textArg("What sets thousands apart, or none (default: guessed)", "C"),
  date_format: textArg("dmy or mdy, where the year stands last (default: guessed)", "F"),
  timezone: textArg("Zone of the dates, such as Europe/Berlin (default: none)", "ZONE"),
  duplicates: textArg("mean, sum, first or last of rows with one date (default: refused)", "HOW"),
  gaps: textArg("fill: fills gaps however many there are", "HOW"),
  format: textArg("table, json or csv (default table)", "F"),
} satisfies ArgsDef;

export default defineCommand({
  meta: { name: "forecast", description: "Forecast the series of a CSV, JSON or XLSX file." },
  args: {
    file: { type: "positional", description: "The file", required: false },
    model: textArg("ensemble, auto_ets, theta, seasonal_naive, drift or auto (default ensemble)", "ID"),
    request: textArg("A request of POST /api/v1/forecast, answered as there; --model also takes a folder", "FILE"),
    "data-dir": textArg("Of --request: where models were pulled to (default DATA_DIR)", "DIR"),
    ...dataArgs,
    plot: textArg("Draw history, forecast and band into a .png or .svg file", "FILE"),
  },
  async run({ args }) {
    const request = flag(args, "request");
    if (request !== undefined) return printRequest(request, args);
    if (args.file === undefined) throw new UsageError("forecast needs a FILE of series, or --request FILE.json.");
    const format = oneOf("--format", flag(args, "format") ?? "table", PRINT_FORMATS);
    const plot = flag(args, "plot");
    if (plot !== undefined) pictureEnding(plot);
    const { file } = args;
    const bytes = await fileBytes(file);
    const answer = await forecastFile(bytes, fileOptions(args));
    if (plot !== undefined) await plotForecast(answer, plot);
    const print = {
      table: () => tableText(file, answer),
      json: () => jsonText(answer),
      csv: () => csvText(answer),
    };
    await Bun.write(Bun.stdout, await print[format]());
    return 0;
  },
});

/** Answers the request of a file as the service does, without a server. */
async function printRequest(path: string, args: Record<string, unknown>): Promise<number> {
  const { DATA_DIR } = loadConfig({ environment: process.env, file: readEnvFile(".env") }).values;
  const modelsDir = modelsDirOf(flag(args, "data-dir") ?? DATA_DIR);
  const pieces = await forecastRequestFile(await fileBytes(path), { modelsDir, model: flag(args, "model") });
  await Bun.write(Bun.stdout, new Blob([...(pieces as BlobPart[]), "\n"]));
  return 0;
}

/** @throws UsageError when the file cannot be read */
export async function fileBytes(path: string): Promise<Uint8Array> {
  try {
    return await Bun.file(path).bytes();
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}.`);
  }
}

/** Flags that are given, as options. @throws UsageError for a word that an option does not take */
export function fileOptions(args: Record<string, unknown>): FileOptions {
  const texts = PLAIN_FLAGS.map((name) => [name, flag(args, name)] as const);
  const words = Object.entries(WORD_FLAGS).map(([name, { option, known }]) => {
    const value = flag(args, name);
    return [option, value === undefined ? undefined : oneOf(`--${name}`, value, known)] as const;
  });
  const thousands = flag(args, "thousands");
  const lists = [
    ["covariates", columnList(flag(args, "covariates"))],
    ["thousands", thousands === "none" ? "" : thousands && oneOf("--thousands", thousands, THOUSANDS)],
    ["horizon", wholeNumber(args, "horizon")],
  ] as const;
  return Object.fromEntries([...texts, ...words, ...lists].filter(([, value]) => value !== undefined));
}

const PLAIN_FLAGS = ["time", "target", "id", "delimiter", "sheet", "timezone", "model"] as const;

/** Flags that take one of a few words, and the option that each sets. */
const WORD_FLAGS = {
  decimal: { option: "decimal", known: [".", ","] },
  date_format: { option: "dateFormat", known: ["dmy", "mdy"] },
  duplicates: { option: "duplicates", known: ["mean", "sum", "first", "last"] },
  gaps: { option: "gaps", known: ["fill"] },
  future: { option: "future", known: ["error", "hold"] },
} as const;

const THOUSANDS = [".", ",", " ", "'"] as const;

function columnList(list: string | undefined): string[] | undefined {
  if (list === undefined) return undefined;
  return list === "none" ? [] : list.split(",").map((name) => name.trim());
}

/** @throws UsageError for what is no whole number from 1 on */
export function wholeNumber(args: Record<string, unknown>, name: string): number | undefined {
  const value = flag(args, name);
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new UsageError(`--${name} is ${JSON.stringify(value)}; give a whole number from 1 on.`);
}

/** Series whose past forecasts are judged before the answer, so that it comes at once. */
const MAX_JUDGED = 20;
/** Series that are shown as tables; the other formats hold all. */
const MAX_SHOWN = 5;

async function tableText(path: string, answer: FileAnswer): Promise<string> {
  const { read, forecasts, warnings } = answer;
  const shown = forecasts.slice(0, MAX_SHOWN);
  const more = forecasts.length - shown.length;
  return [
    `Read ${path}: ${read.rows} rows; ${guessed(read)}.`,
    "Overrule with --time, --target, --id, --covariates, --decimal, --delimiter, --date_format.",
    ...warnings
      .slice(0, MAX_JUDGED)
      .map(({ code, message, series }) => `${series === undefined ? "" : `${series}: `}${message} (${code})`),
    ...shown.map((one) => `\n${seriesText(answer.model, one)}`),
    ...(more > 0 ? [`\n${more} more series: --format csv or json shows all.`] : []),
    "",
    await judgement(answer),
    `A larger model: ${commandName()} model pull OWNER/NAME.`,
    "",
  ].join("\n");
}

function guessed(read: FileAnswer["read"]): string {
  const parts = [
    read.time === undefined ? "no dates" : `time ${read.time} (${read.step}, ${read.date_format})`,
    `target ${read.target}`,
    ...(read.id === undefined ? [] : [`series by ${read.id}`]),
    ...(read.covariates.length === 0 ? [] : [`covariates ${read.covariates.join(", ")}`]),
    ...(read.sheet === undefined ? [] : [`sheet ${read.sheet}`]),
    ...(read.decimal === "," ? ["decimal comma"] : []),
  ];
  return parts.join(", ");
}

function seriesText(model: string, { series, dates, forecast, horizon }: FileAnswer["forecasts"][number]): string {
  const { chosen, point, quantiles } = forecast;
  const seasons = chosen.seasons.length === 0 ? "no season" : `season ${chosen.seasons.join(" and ")}`;
  const title = `${series.id === undefined ? "" : `${series.id}: `}${chosen.model}, ${seasons}, ${horizon} steps`;
  const reason = chosen.reason === undefined ? [] : [`${model}: ${chosen.reason}`];
  const digits = digitsFor(point);
  const rows = Array.from(point, (value, step) => [
    dates[step] ?? `+${step + 1}`,
    ...[value, quantiles[0]![step]!, quantiles.at(-1)![step]!].map((number) => number.toFixed(digits)),
  ]);
  const table = [["date", "forecast", "10 %", "90 %"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join("  "));
  return [title, ...reason, ...lines].join("\n");
}

/** Digits behind the point at which numbers of this size have four that count. */
function digitsFor(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest > 0 ? Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(largest)))) : 0;
}

async function judgement({ forecasts, read, levels, model, warnings }: FileAnswer): Promise<string> {
  const judged = forecasts.slice(0, MAX_JUDGED);
  const horizon = judged.reduce((most, one) => Math.max(most, one.horizon), 0);
  const series = judged.map((one) => one.series);
  const windows = possibleWindows(series, horizon);
  if (windows === 0) return "Backtest: the history is too short for one at this horizon.";
  const { verdict } = await backtestData(
    { series, read, warnings, emptyTail: 0 },
    { horizon, windows, levels, models: [model] },
  );
  const some = judged.length < forecasts.length ? ` of the first ${judged.length} series` : "";
  return `Backtest${some} over ${windows} windows: ${verdict.replace("the band", "the 80 % band")}`;
}

function jsonText({ model, levels, forecasts, read, warnings }: FileAnswer): string {
  const rows = forecasts.map(({ series, dates, forecast }) => ({
    ...(series.id !== undefined && { id: series.id }),
    ...(dates.length > 0 && { dates }),
    point: [...forecast.point],
    quantiles: Object.fromEntries(levels.map((level, index) => [String(level), [...forecast.quantiles[index]!]])),
    ...(forecast.shares && { xreg: { base: forecast.base, shares: listsOf(forecast.shares) } }),
    chosen: forecast.chosen,
  }));
  return `${JSON.stringify({ model, forecasts: rows, data: { read }, warnings })}\n`;
}

function listsOf(shares: Readonly<Record<string, Float64Array>>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(shares).map(([name, values]) => [name, [...values]]));
}

function csvText({ levels, forecasts, read }: FileAnswer): string {
  const head = [
    ...(read.id === undefined ? [] : [read.id]),
    read.time ?? "step",
    "forecast",
    ...levels.map((level) => `q${level}`),
  ];
  const rows = forecasts.flatMap(({ series, dates, forecast }) =>
    Array.from(forecast.point, (value, step) => [
      ...(series.id === undefined ? [] : [series.id]),
      dates[step] ?? `${step + 1}`,
      ...[value, ...forecast.quantiles.map((quantile) => quantile[step]!)].map(String),
    ]),
  );
  return [
    head.map(csvCell),
    ...rows.map((row) => row.map((cell, index) => (index < head.length - levels.length - 1 ? csvCell(cell) : cell))),
  ]
    .map((row) => `${row.join(",")}\n`)
    .join("");
}

/** Quoted where it must be; what a spreadsheet would take for a formula is kept from it. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
