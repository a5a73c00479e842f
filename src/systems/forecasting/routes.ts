import { type AnyElysia, Elysia } from "elysia";
import { type LibraryRoutesOptions, libraryRoutes } from "./library/routes";
import { type NativeRoutesOptions, nativeRoutes } from "./native/routes";
import { type OriginalRoutesOptions, originalRoutes } from "./original/routes";
import { type PageRoutesOptions, pageRoutes } from "./page/routes";

export interface ForecastingRoutesOptions {
  original: OriginalRoutesOptions;
  native: NativeRoutesOptions;
  page: PageRoutesOptions;
  library: LibraryRoutesOptions;
}

/** HTTP of forecasting (docs/forecasting.md): each contract has a folder of its own, and a line here. */
export function forecastingRoutes({ original, native, page, library }: ForecastingRoutesOptions): AnyElysia {
  return new Elysia({ name: "forecasting" })
    .use(originalRoutes(original))
    .use(nativeRoutes(native))
    .use(pageRoutes(page))
    .use(libraryRoutes(library));
}
