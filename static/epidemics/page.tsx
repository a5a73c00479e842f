import { Fault } from "../common/fault";
import { lazy } from "../common/lazy";
import { showPage } from "../common/shell";
import { useStore } from "../common/store";
import { JobsStream } from "./jobs-stream";
import { ModelPanel } from "./model-panel";
import { showTab, TAB_TITLES, type TabName } from "./place";
import { PythonPanel } from "./python-panel";
import { ShownResults } from "./results";
import { runNow } from "./run";
import { enter, followSession, session } from "./session";

const SignIn = lazy(() => import("./sign-in"));
const NAMES = Object.keys(TAB_TITLES) as TabName[];

followSession();
showPage({
  title: "Epidemics",
  Body: EpidemicsPage,
  commands: [
    { kind: "command", title: "Run the model", hint: "of the editor", run: () => void runNow() },
    ...NAMES.map(
      (name) =>
        ({ kind: "command", title: TAB_TITLES[name], hint: "of the epidemic", run: () => showTab(name) }) as const,
    ),
  ],
});

function EpidemicsPage() {
  const now = useStore(session);
  if (now.phase === "entering") return <p class="quiet-text loading">Loading</p>;
  if (now.phase === "fault") return <Fault report={now.report} retry={() => void enter()} />;
  if (now.phase === "out") return <SignIn />;
  return (
    <div class="epidemic">
      <JobsStream key={now.token} />
      <div class="epidemic-model">
        <ModelPanel />
        <PythonPanel token={now.token} apiUrl={now.apiUrl} />
      </div>
      <ShownResults />
    </div>
  );
}
