import { serveWork } from "./platform/compute/serveWork";
import { INPUTS } from "./systems/filecoin/batch/request/inputs";
import { SERIES_MEANINGS } from "./systems/filecoin/schema/series";
import { filecoinWork } from "./systems/filecoin/work";
import { forecastingWork } from "./systems/forecasting/work";
import { reportWork } from "./systems/jobs/reports/work";
import { jobsWork } from "./systems/jobs/work";

serveWork({ ...filecoinWork, ...forecastingWork, ...jobsWork, ...reportWork({ ...SERIES_MEANINGS, ...INPUTS }) });

type FilecoinWork = typeof filecoinWork;
type ForecastingWork = typeof forecastingWork;
type JobsWork = typeof jobsWork;
type ReportWork = ReturnType<typeof reportWork>;

declare module "./platform/compute/work" {
  /** A line for each map that is served above. */
  interface WorkKinds extends FilecoinWork, ForecastingWork, JobsWork, ReportWork {}
}
