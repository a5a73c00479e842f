import type { HandlerAnswer } from "../../src/systems/jobs/schema/handlers";
import type { SubmissionAnswer } from "../../src/systems/jobs/schema/simulations";
import { useAction } from "../common/action";
import { Fault } from "../common/fault";
import { Form } from "../common/form";
import type { JsonSchema } from "../common/form-schema";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { useStore } from "../common/store";
import { useHandlers } from "./handlers";
import { formSchema, withoutEmpty } from "./parameter-form";
import { copiedJob, newType } from "./place";
import { at } from "./session";
import { submitAndShow } from "./submit";

/** A new job, by a form that the type's own schema gives. */
export default function NewTab() {
  const handlers = useHandlers();
  const copied = useStore(copiedJob);
  return (
    <Loading what="what can be run" loaded={handlers}>
      {({ simulations }) =>
        copied === "" ? (
          <Choice simulations={simulations} />
        ) : (
          <Copy key={copied} id={copied} simulations={simulations} />
        )
      }
    </Loading>
  );
}

function Copy({ id, simulations }: { id: string; simulations: readonly HandlerAnswer[] }) {
  const submission = useLoaded<SubmissionAnswer>(at(`/simulations/${id}/submission`));
  return (
    <Loading what="the job to be copied" loaded={submission}>
      {(asked) => <Choice simulations={simulations} copy={asked} />}
    </Loading>
  );
}

interface ChoiceProps {
  simulations: readonly HandlerAnswer[];
  copy?: SubmissionAnswer;
}

function Choice({ simulations, copy }: ChoiceProps) {
  const asked = useStore(newType);
  const chosen = simulations.find(({ type }) => type === (asked || copy?.simulation_type)) ?? simulations[0];
  function choose(type: string): void {
    copiedJob.set("");
    newType.set(type);
  }
  return (
    <div class="columns">
      <section class="panel" aria-label="New job">
        <label class="field">
          Type
          <select value={chosen?.type} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            {simulations.map(({ type, title, available }) => (
              <option key={type} value={type} disabled={!available}>
                {title}
                {available ? "" : " (not available)"}
              </option>
            ))}
          </select>
          <small>{chosen?.summary}</small>
        </label>
        {chosen !== undefined && (
          <JobForm
            key={chosen.type}
            handler={chosen}
            submission={copy?.simulation_type === chosen.type ? copy : undefined}
          />
        )}
      </section>
      <NotAvailable simulations={simulations} />
    </div>
  );
}

/** How the whole submission is asked for: what the type takes, then the conditions of running. */
const OPTIONS: JsonSchema = {
  type: "object",
  title: "Conditions of running",
  properties: {
    title: { type: "string", title: "Name", maxLength: 120, description: "By which the job is known in the list" },
    priority: { type: "integer", title: "Priority", minimum: 0, maximum: 9, description: "0 to 9, the higher first" },
    timeout_s: { type: "number", title: "Time limit", exclusiveMinimum: 0, maximum: 604_800, "x-unit": "s" },
    max_attempts: { type: "integer", title: "Attempts at most", minimum: 1, maximum: 100 },
    callback_url: {
      type: "string",
      title: "Call-back address",
      maxLength: 199,
      description: "Told by POST when the job has ended",
    },
  },
};

function JobForm({ handler, submission }: { handler: HandlerAnswer; submission: SubmissionAnswer | undefined }) {
  const { type, example, parameters } = handler;
  const given = submission?.parameters ?? (example as Record<string, unknown>);
  const schema: JsonSchema = {
    type: "object",
    properties: { parameters: { ...formSchema(parameters as JsonSchema, given), title: "Inputs" }, running: OPTIONS },
  };
  const { fault, run } = useAction("POST /simulations", async (value: Record<string, unknown>) => {
    const { title, callback_url, ...options } = (value["running"] ?? {}) as Record<string, unknown>;
    await submitAndShow({
      simulation_type: type,
      parameters: withoutEmpty((value["parameters"] ?? {}) as Record<string, unknown>),
      job_metadata: { ...submission?.job_metadata, ...(title === undefined ? {} : { title }) },
      ...(typeof callback_url === "string" && { callback_url }),
      options: options as NonNullable<SubmissionAnswer["options"]>,
    });
  });
  return (
    <div class="job-form">
      <Form
        schema={schema}
        value={{ parameters: given, running: runningOf(submission) }}
        submitLabel="Run"
        onSubmit={(value) => void run(value)}
      />
      {fault !== undefined && <Fault report={fault} />}
    </div>
  );
}

function runningOf(submission: SubmissionAnswer | undefined): Record<string, unknown> {
  if (submission === undefined) return {};
  const title = submission.job_metadata?.["title"];
  return {
    ...submission.options,
    ...(typeof title === "string" && { title }),
    ...(submission.callback_url !== undefined && { callback_url: submission.callback_url }),
  };
}

/** Types that are known and cannot be run here, each with its reason. */
function NotAvailable({ simulations }: { simulations: readonly HandlerAnswer[] }) {
  const missing = simulations.filter(({ available }) => !available);
  if (missing.length === 0) return null;
  return (
    <section class="panel" aria-label="Not available">
      <h2>Not available here</h2>
      <dl class="links">
        {missing.map(({ type, title, reason }) => (
          <div key={type}>
            <dt>{title}</dt>
            <dd>{reason}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
