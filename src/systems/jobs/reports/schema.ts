import { z } from "zod";

/** Sections as a handler of anybody's gives them. Where a list of numbers has none, null stands; here it becomes NaN. */

const MAX_SECTIONS = 200;
const MAX_OF_EACH = 200;
const MAX_POINTS = 1_000_000;
const MAX_ROWS = 1_000_000;
const MAX_COLUMNS = 500;

/** Any number, not the finite ones alone. */
const anyNumber = z.custom<number>((value) => typeof value === "number", "expected a number");
const numberOrGap = z.union([anyNumber, z.null()]);
const values = z
  .union([z.array(numberOrGap), z.instanceof(Float64Array), z.instanceof(Float32Array)])
  .refine((list) => list.length <= MAX_POINTS, `expected at most ${MAX_POINTS} values`)
  .transform((list) => Float64Array.from(list as ArrayLike<number | null>, (value) => value ?? Number.NaN));
const number = numberOrGap.transform((value) => value ?? Number.NaN);

const text = z.string();
const unit = text.default("");

const keyFigure = z.object({
  name: text,
  value: z.union([anyNumber, text, z.null()]),
  unit,
  note: text.default(""),
});

const lineChart = z.object({
  kind: z.literal("line"),
  title: text,
  unit,
  x: z.union([z.object({ startDay: number, stepDays: number.default(1) }), z.object({ values, title: text })]),
  series: z.array(z.object({ name: text, values })).max(MAX_OF_EACH),
  bands: z
    .array(
      z.object({
        name: text,
        low: values,
        high: values,
        level: z.enum(["outer", "inner"]),
        of: z.int().min(0).default(0),
      }),
    )
    .max(MAX_OF_EACH)
    .default([]),
  boundary: z.object({ at: number, label: text }).exactOptional(),
  scale: z.enum(["linear", "log"]).default("linear"),
});

const barChart = z.object({
  kind: z.literal("bars"),
  title: text,
  unit,
  bars: z
    .array(z.union([z.object({ name: text, value: number }), z.object({ name: text, low: number, high: number })]))
    .max(MAX_OF_EACH),
  base: number.exactOptional(),
  ends: z.object({ low: text, high: text }).exactOptional(),
});

const histogram = z.object({
  kind: z.literal("histogram"),
  title: text,
  unit,
  edges: values,
  counts: values,
  counted: text,
  mark: z.object({ at: number, label: text }).exactOptional(),
});

const axis = z.object({ name: text, unit, values });
const heatMap = z.object({ kind: z.literal("heatMap"), title: text, unit, x: axis, y: axis, values });

const cell = z.union([text, anyNumber, z.boolean(), z.null()]);
const table = z.object({
  title: text.default(""),
  columns: z
    .array(z.object({ name: text, unit, isDifference: z.boolean().default(false) }))
    .min(1)
    .max(MAX_COLUMNS),
  rows: z.array(z.array(cell).max(MAX_COLUMNS)).max(MAX_ROWS),
  rowUnits: z.array(text).exactOptional(),
  note: text.default(""),
});

const section = z.object({
  title: text,
  text: text.default(""),
  keyFigures: z.array(keyFigure).max(MAX_OF_EACH).default([]),
  charts: z
    .array(z.discriminatedUnion("kind", [lineChart, barChart, histogram, heatMap]))
    .max(MAX_OF_EACH)
    .default([]),
  tables: z.array(table).max(MAX_OF_EACH).default([]),
});

export const sectionsSchema = z.array(section).max(MAX_SECTIONS);
