import { copyText } from "../common/download";
import { useStore } from "../common/store";
import { CodeLines } from "./code-lines";
import { jobs } from "./jobs-stream";
import * as place from "./place";
import { pythonLines } from "./python";
import { listOf } from "./run";

/** The same from Python, by the published client: five lines with the token of whoever looks. */
export function PythonPanel({ token, apiUrl }: { token: string; apiUrl: string }) {
  const job = useStore(place.chosenJob) || (useStore(jobs)?.[0]?.id ?? 0);
  const text = pythonLines({
    token,
    apiUrl,
    jobId: job,
    locations: listOf(useStore(place.locations)),
    startDate: useStore(place.startDate),
    endDate: useStore(place.endDate),
    runs: useStore(place.runCount),
    seed: useStore(place.firstSeed),
    parameters: useStore(place.parameters),
  });
  return (
    <section class="panel python" aria-label="Python">
      <header class="panel-head">
        <h2>The same from Python</h2>
        <button type="button" class="quiet" onClick={() => void copyText(text, "Python")}>
          Copy
        </button>
      </header>
      <p class="quiet-text">
        First: <code>pip install epx</code>. {job === 0 ? "Save the model as main.fred beside it. " : ""}The run appears
        on this page.
      </p>
      <CodeLines label="Lines of Python" text={text} />
    </section>
  );
}
