import { type AnyElysia, Elysia } from "elysia";
import { type NativeRoutesOptions, nativeRoutes } from "./native/routes";
import { type OriginalRoutesOptions, originalRoutes } from "./original/routes";

export interface ForecastingRoutesOptions {
  original: OriginalRoutesOptions;
  native: NativeRoutesOptions;
}

/** HTTP of forecasting (docs/forecasting.md): each contract has a folder of its own, and a line here. */
export function forecastingRoutes({ original, native }: ForecastingRoutesOptions): AnyElysia {
  return new Elysia({ name: "forecasting" }).use(originalRoutes(original)).use(nativeRoutes(native));
}
