import { useEffect } from "preact/hooks";
import type { ListedJob, ShownJob } from "../../src/systems/epistemix/schema/page";
import { Empty } from "../common/empty";
import { Fault } from "../common/fault";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { useStore } from "../common/store";
import { Tabs } from "../common/tabs";
import { CurveCharts } from "./curve-charts";
import { FigureCards } from "./figure-cards";
import { JobHead } from "./job-head";
import { jobs } from "./jobs-stream";
import * as place from "./place";
import { runNow } from "./run";
import { at } from "./session";
import { conditionIn, type Shown, ShownContext, useCurves } from "./shown";
import { TABS } from "./tabs";
import { nameOf } from "./words";

/** The job that is shown: how far it is, its curves, and everything else of it. */
export function ShownResults() {
  const list = useStore(jobs);
  const id = useStore(place.chosenJob) || (list?.[0]?.id ?? 0);
  return (
    <section class="epidemic-results" aria-label="Results">
      {list === undefined && id === 0 && <p class="quiet-text loading">Loading jobs</p>}
      {list !== undefined && id === 0 && (
        <Empty
          what="No runs yet. Run the model, or the lines of Python."
          action={{ label: "Run the model", run: () => void runNow() }}
        />
      )}
      {id !== 0 && <JobResults key={id} id={id} list={list ?? []} />}
    </section>
  );
}

/** Changes whenever runs of it begin, move or end. */
const versionOf = (job: ListedJob | undefined) => (job === undefined ? "" : JSON.stringify([job.counts, job.progress]));

function JobResults({ id, list }: { id: number; list: readonly ListedJob[] }) {
  const job = useLoaded<ShownJob>(at(`/jobs/${id}`));
  const version = versionOf(list.find((listed) => listed.id === id));
  useEffect(() => {
    if (job.value !== undefined) job.reload();
  }, [version]);
  return (
    <Loading what="the job" loaded={job}>
      {(now) => <JobSight job={now} list={list} />}
    </Loading>
  );
}

/** Curves are asked for when another run is done, not at each step of its progress. */
const doneOf = (job: ListedJob | undefined) => (job === undefined || job.counts.done === 0 ? "" : `${job.counts.done}`);

const TITLE = "Epidemics · Foresight";

function JobSight({ job, list }: { job: ShownJob; list: readonly ListedJob[] }) {
  useEffect(() => {
    document.title = `${nameOf(job)}, job ${job.id} · ${TITLE}`;
    return () => {
      document.title = TITLE;
    };
  }, [job.id]);
  const beside = useStore(place.comparedJob);
  const configuration = Math.min(useStore(place.configuration), Math.max(0, job.configurations.length - 1));
  const own = useCurves(job.id, configuration, doneOf(job));
  const other = useCurves(beside, 0, doneOf(list.find(({ id }) => id === beside)));
  const condition = conditionIn(own.value?.curves, useStore(place.chosenCondition));
  const shown: Shown = { job, own: own.value, other: beside === 0 ? undefined : other.value, condition };
  return (
    <ShownContext value={shown}>
      <JobHead />
      {own.fault !== undefined && <Fault report={own.fault} />}
      <FigureCards />
      <CurveCharts />
      <section class="panel" aria-label="More about this job">
        <Tabs label="More about this job" tabs={TABS} />
      </section>
    </ShownContext>
  );
}
