import type { HandlerAnswer } from "../../src/systems/jobs/schema/handlers";
import { useAction } from "../common/action";
import { Fault } from "../common/fault";
import { copiedJob, goToTab, newType } from "./place";
import { submitAndShow } from "./submit";

/** Those that show most; where one is not available the next takes its place. */
const BEST = ["filecoin_sweep", "seir", "monte_carlo", "xenblocks_market", "filecoin_monte_carlo", "selftest"];
const SHOWN = 3;

/** Three jobs that run at one click. */
export function Samples({ handlers }: { handlers: readonly HandlerAnswer[] }) {
  const available = BEST.flatMap((type) => handlers.filter((known) => known.type === type && known.available));
  return (
    <section class="cards" aria-label="Samples">
      {available.slice(0, SHOWN).map((handler) => (
        <Sample key={handler.type} handler={handler} />
      ))}
    </section>
  );
}

function Sample({ handler }: { handler: HandlerAnswer }) {
  const { type, title, summary, example } = handler;
  const { running, fault, run } = useAction("POST /simulations", () =>
    submitAndShow({
      simulation_type: type,
      parameters: example as Record<string, unknown>,
      job_metadata: { title: `${title}, sample` },
    }),
  );
  function change(): void {
    copiedJob.set("");
    newType.set(type);
    goToTab("new");
  }
  return (
    <section class="card sample" aria-label={title}>
      <header class="card-head">
        <h2>{title}</h2>
      </header>
      <p>{summary}</p>
      {fault !== undefined && <Fault report={fault} />}
      <div class="card-foot">
        <div class="row">
          <button type="button" class="primary" disabled={running} onClick={() => void run()}>
            Run
          </button>
          <button type="button" class="quiet" onClick={change}>
            Change inputs
          </button>
        </div>
      </div>
    </section>
  );
}
