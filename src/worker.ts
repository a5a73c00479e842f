import { serveWork } from "./platform/compute/serveWork";
import { epistemixWork } from "./systems/epistemix/work";
import { INPUTS } from "./systems/filecoin/batch/request/inputs";
import { SERIES_MEANINGS } from "./systems/filecoin/schema/series";
import { filecoinWork } from "./systems/filecoin/work";
import { forecastingWork } from "./systems/forecasting/work";
import { reportWork } from "./systems/jobs/reports/work";
import { jobsWork } from "./systems/jobs/work";
import { marketWork } from "./systems/market/work";

const names = { ...SERIES_MEANINGS, ...INPUTS };
serveWork({ ...epistemixWork, ...filecoinWork, ...forecastingWork, ...jobsWork, ...marketWork, ...reportWork(names) });

type EpistemixWork = typeof epistemixWork;
type FilecoinWork = typeof filecoinWork;
type ForecastingWork = typeof forecastingWork;
type JobsWork = typeof jobsWork;
type MarketWork = typeof marketWork;
type ReportWork = ReturnType<typeof reportWork>;

declare module "./platform/compute/work" {
  /** A line for each map that is served above. */
  interface WorkKinds extends EpistemixWork, FilecoinWork, ForecastingWork, JobsWork, MarketWork, ReportWork {}
}
