import { defineTables } from "../../platform/database";

/** Keys are the migrations'. Times are milliseconds. */
export const forecastingTables = defineTables(({ table, text, integer, json }) => ({
  /** Models of the original's routes that are to be ready, by the part of their paths. */
  wanted: table("forecasting_wanted", {
    model: text("model").notNull(),
    wanted: json<Record<string, unknown>>("wanted").notNull(),
    changedAt: integer("changed_at").notNull(),
  }),
}));
