import { lazy } from "../common/lazy";
import type { Tab } from "../common/tabs";
import { TAB_TITLES, type TabName } from "./place";

const BODIES: Record<TabName, Tab["Body"]> = {
  figures: lazy(() => import("./figures-tab")),
  places: lazy(() => import("./places-tab")),
  runs: lazy(() => import("./runs-tab")),
  log: lazy(() => import("./log-tab")),
  files: lazy(() => import("./files-tab")),
  model: lazy(() => import("./model-tab")),
  jobs: lazy(() => import("./jobs-tab")),
};

/** What there is of a job beside its curves. */
export const TABS = (Object.keys(TAB_TITLES) as TabName[]).map((name) => ({
  name,
  title: TAB_TITLES[name],
  Body: BODIES[name],
})) as [Tab, ...Tab[]];
