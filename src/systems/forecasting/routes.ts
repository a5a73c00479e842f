import { type AnyElysia, Elysia } from "elysia";
import { type OriginalRoutesOptions, originalRoutes } from "./original/routes";

export interface ForecastingRoutesOptions {
  original: OriginalRoutesOptions;
}

/** HTTP of forecasting (docs/forecasting.md): each contract has a folder of its own, and a line here. */
export function forecastingRoutes({ original }: ForecastingRoutesOptions): AnyElysia {
  return new Elysia({ name: "forecasting" }).use(originalRoutes(original));
}
