import { FilePane } from "./file-pane";
import { RunChoice, useShownRun } from "./run-choice";

/** What a run said of itself. */
export default function LogTab() {
  const run = useShownRun();
  if (run === 0) return <p class="quiet-text">No run has ended yet.</p>;
  return (
    <>
      <div class="panel-tools">
        <RunChoice />
      </div>
      <FilePane key={run} run={run} path="logs.txt" />
    </>
  );
}
