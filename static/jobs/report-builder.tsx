import { useEffect, useRef, useState } from "preact/hooks";
import type { HandlersAnswer } from "../../src/systems/jobs/schema/handlers";
import type { ReportAnswer } from "../../src/systems/jobs/schema/reports";
import type { JobAnswer } from "../../src/systems/jobs/schema/simulations";
import { useAction } from "../common/action";
import { Fault } from "../common/fault";
import { formatTime } from "../common/format";
import { Loading } from "../common/loading";
import { useStore } from "../common/store";
import { choiceCodec, textCodec, useUrlState } from "../common/url-state";
import { titleOf } from "./handlers";
import { makeReport } from "./make-report";
import { reportedJobs } from "./place";
import { Preview } from "./report-preview";
import { at } from "./session";
import { useList } from "./use-list";
import { nameOf, REPORT_WORDS } from "./words";

const FORMATS = ["PDF", "HTML", "JSON", "CSV"] as const;
const MAX_CHOICES = 100;

interface BuilderProps {
  handlers: HandlersAnswer;
  onMade(report: ReportAnswer): void;
}

/** Says which jobs a report is over and how it looks, with a preview beside it. */
export function Builder({ handlers, onMade }: BuilderProps) {
  const ids = useStore(reportedJobs);
  const types = handlers.reports.map(({ type }) => type);
  const [type, setType] = useUrlState("report", textCodec("summary"));
  const [format, setFormat] = useUrlState("format", choiceCodec(FORMATS, "PDF"));
  const [title, setTitle] = useState("");
  const [note, setNote] = useState("");
  const left = useRef(new AbortController());
  useEffect(() => () => left.current.abort(), []);
  const { running, fault, run } = useAction("POST /reports", async () => {
    const parameters = { ...(title !== "" && { title }), ...(note !== "" && { note }) };
    const order = { simulation_job_ids: ids, report_type: type, output_format: format, parameters };
    onMade(await makeReport(order, left.current.signal));
  });
  return (
    <div class="builder">
      <section class="panel" aria-label="New report">
        <h2>New report</h2>
        <JobChoice handlers={handlers} ids={ids} />
        <label class="field">
          Kind
          <select value={type} onChange={({ currentTarget }) => setType(currentTarget.value)}>
            {types.map((name) => (
              <option key={name} value={name}>
                {REPORT_WORDS[name] ?? name}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          Format
          <select value={format} onChange={({ currentTarget }) => setFormat(FORMATS[currentTarget.selectedIndex]!)}>
            {FORMATS.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Words {...{ title, note }} onTitle={setTitle} onNote={setNote} />
        <button type="button" class="primary" disabled={running || ids.length === 0} onClick={() => void run()}>
          {running ? "Making the report" : "Make report"}
        </button>
        {fault !== undefined && <Fault report={fault} />}
      </section>
      <Preview ids={ids} type={type} title={title} note={note} />
    </div>
  );
}

/** The completed jobs, to be chosen from. */
function JobChoice({ handlers, ids }: { handlers: HandlersAnswer; ids: readonly string[] }) {
  const jobs = useList<JobAnswer>(at(`/simulations?status=COMPLETED&limit=${MAX_CHOICES}`));
  function choose(id: string, isChosen: boolean): void {
    const others = ids.filter((other) => other !== id);
    reportedJobs.set(isChosen ? [...others, id] : others);
  }
  return (
    <fieldset class="job-choice">
      <legend>Jobs</legend>
      <Loading what="the completed jobs" loaded={jobs}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p class="quiet-text">No completed jobs yet. Run a job first.</p>
          ) : (
            <div class="job-choices">
              {rows.map((job) => (
                <label key={job.id} class="check">
                  <input
                    type="checkbox"
                    checked={ids.includes(job.id)}
                    onChange={({ currentTarget }) => choose(job.id, currentTarget.checked)}
                  />
                  <span>
                    <bdi>{nameOf(job) || titleOf(job.simulation_type, handlers)}</bdi>{" "}
                    <span class="quiet-text">{formatTime(job.completed_at ?? "")}</span>
                  </span>
                </label>
              ))}
            </div>
          )
        }
      </Loading>
    </fieldset>
  );
}

interface WordsProps {
  title: string;
  note: string;
  onTitle(title: string): void;
  onNote(note: string): void;
}

function Words({ title, note, onTitle, onNote }: WordsProps) {
  return (
    <>
      <label class="field">
        Title
        <input
          type="text"
          maxLength={200}
          placeholder="made of what the report shows"
          value={title}
          onInput={({ currentTarget }) => onTitle(currentTarget.value)}
        />
      </label>
      <label class="field">
        Note
        <textarea
          rows={3}
          maxLength={20_000}
          value={note}
          onInput={({ currentTarget }) => onNote(currentTarget.value)}
        />
      </label>
    </>
  );
}
