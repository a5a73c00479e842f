import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";

/** What a report shows, as JSON: lists are plain lists, and null stands where there is no number. docs/reports.md. */

const values = z.array(z.number().nullable());
const dates = z.object({ startDay: z.number(), stepDays: z.number().optional() });

const lineChart = z.object({
  kind: z.literal("line"),
  title: textLike("Circulating supply"),
  unit: textLike("FIL"),
  x: z.union([dates, z.object({ values, title: textLike("Day") })]),
  series: z.array(z.object({ name: textLike("median"), values })),
  bands: z
    .array(
      z.object({
        name: textLike("5 to 95 %"),
        low: values,
        high: values,
        level: z.enum(["outer", "inner"]),
        of: z.number().optional(),
      }),
    )
    .optional(),
  boundary: z.object({ at: z.number(), label: textLike("Forecast") }).optional(),
  scale: z.enum(["linear", "log"]).optional(),
});

const barChart = z.object({
  kind: z.literal("bars"),
  title: textLike("What drives the outcome"),
  unit: textLike("rank correlation"),
  bars: z.array(
    z.union([
      z.object({ name: textLike("rbp"), value: z.number().nullable() }),
      z.object({ name: textLike("rbp"), low: z.number().nullable(), high: z.number().nullable() }),
    ]),
  ),
  base: z.number().optional(),
});

const histogram = z.object({
  kind: z.literal("histogram"),
  title: textLike("Estimate"),
  unit: textLike("XNM"),
  edges: values,
  counts: values,
  counted: textLike("draws"),
});

const heatAxis = z.object({ name: textLike("rbp"), unit: textLike("PiB/day"), values });
const heatMap = z.object({
  kind: z.literal("heatMap"),
  title: textLike("Return"),
  unit: textLike("share"),
  x: heatAxis,
  y: heatAxis,
  values,
});

const table = z.object({
  title: textLike("Percentiles"),
  columns: z.array(z.object({ name: textLike("Date"), unit: textLike("FIL").optional() })),
  rows: z.array(z.array(z.union([textLike("2025-09-09"), z.number(), z.boolean(), z.null()]))),
  note: textLike("All values are medians.").optional(),
});

export const shownSection = z.object({
  title: textLike("At the end"),
  text: textLike("What the model makes of it.").optional(),
  keyFigures: z
    .array(
      z.object({
        name: textLike("Runs"),
        value: z.union([z.number(), z.string(), z.null()]),
        unit: textLike("FIL").optional(),
        note: textLike("5 to 95 %: 1 to 2").optional(),
      }),
    )
    .optional(),
  charts: z.array(z.discriminatedUnion("kind", [lineChart, barChart, histogram, heatMap])).optional(),
  tables: z.array(table).optional(),
  /** In a chapter that says what the report is made from. */
  facts: z.array(z.object({ name: textLike("Seed"), value: textLike("7") })).optional(),
});

export const shownReport = z.object({
  title: textLike("Filecoin sweep"),
  note: textLike("Made for the board."),
  report_type: textLike("summary"),
  simulations: z.array(
    z.object({
      job_id: textLike("0198f1c2-7d3a-7c55-9e21-3f6d5b8a9c10"),
      type: textLike("filecoin_sweep"),
      title: textLike("Filecoin sweep"),
      sections: z.array(shownSection),
      facts: z.record(textLike("Seed"), textLike("7")),
    }),
  ),
  comparison: z.array(z.object({ title: textLike("Side by side"), sections: z.array(shownSection) })).optional(),
});

export type ShownReport = z.output<typeof shownReport>;
export type ShownSection = z.output<typeof shownSection>;
export type ShownChart = NonNullable<ShownSection["charts"]>[number];
export type ShownTable = z.output<typeof table>;
export type ShownLineChart = z.output<typeof lineChart>;
export type ShownBarChart = z.output<typeof barChart>;
export type ShownHistogram = z.output<typeof histogram>;
export type ShownHeatMap = z.output<typeof heatMap>;
