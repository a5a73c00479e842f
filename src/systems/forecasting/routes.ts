import { type AnyElysia, Elysia } from "elysia";
import { type LibraryRoutesOptions, libraryRoutes } from "./library/routes";
import { type NativeRoutesOptions, nativeRoutes } from "./native/routes";
import { type NixtlaRoutesOptions, nixtlaRoutes } from "./nixtla/routes";
import { type OriginalRoutesOptions, originalRoutes } from "./original/routes";
import { type PageRoutesOptions, pageRoutes } from "./page/routes";

export interface ForecastingRoutesOptions {
  original: OriginalRoutesOptions;
  native: NativeRoutesOptions;
  nixtla: NixtlaRoutesOptions;
  page: PageRoutesOptions;
  library: LibraryRoutesOptions;
}

/** HTTP of forecasting (docs/forecasting.md): each contract has a folder of its own, and a line here. */
export function forecastingRoutes({ original, native, nixtla, page, library }: ForecastingRoutesOptions): AnyElysia {
  return new Elysia({ name: "forecasting" })
    .use(originalRoutes(original))
    .use(nativeRoutes(native))
    .use(nixtlaRoutes(nixtla))
    .use(pageRoutes(page))
    .use(libraryRoutes(library));
}
