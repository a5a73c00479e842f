import { Fault } from "../common/fault";
import { lazy } from "../common/lazy";
import { showPage } from "../common/shell";
import { useStore } from "../common/store";
import { type Tab, Tabs } from "../common/tabs";
import { CallerLine, SignIn } from "./caller-line";
import { JobsTab } from "./jobs-tab";
import { chosenJob, TAB_TITLES, type TabName } from "./place";
import { enter, followSession, session } from "./session";

const BODIES: Record<TabName, Tab["Body"]> = {
  jobs: JobsTab,
  new: lazy(() => import("./new-tab")),
  reports: lazy(() => import("./reports-tab")),
  schedules: lazy(() => import("./schedules-tab")),
  storage: lazy(() => import("./storage-tab")),
  monitor: lazy(() => import("./monitor-tab")),
};
const NAMES = Object.keys(BODIES) as TabName[];
const TABS = NAMES.map((name) => ({ name, title: TAB_TITLES[name], Body: BODIES[name] })) as [Tab, ...Tab[]];

const JobView = lazy<{ id: string }>(() => import("./job-view"));

followSession();
showPage({
  title: "Jobs",
  Body: JobsPage,
  commands: NAMES.map(
    (name) => ({ kind: "command", title: TAB_TITLES[name], hint: "of jobs", href: `/jobs?tab=${name}` }) as const,
  ),
});

function JobsPage() {
  const now = useStore(session);
  const job = useStore(chosenJob);
  if (now.phase === "entering") return <p class="quiet-text loading">Loading</p>;
  if (now.phase === "fault") return <Fault report={now.report} retry={() => void enter()} />;
  if (now.phase === "out") return <SignIn reason={now.reason} />;
  return (
    <>
      <CallerLine user={now.user} isLocal={now.isLocal} />
      {job === "" ? (
        // Whoever signs in as somebody else asks for everything anew.
        <Tabs key={now.user.id} label="Views of jobs" tabs={TABS} />
      ) : (
        <JobView key={job} id={job} />
      )}
    </>
  );
}
