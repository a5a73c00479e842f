import { useState } from "preact/hooks";
import type { HandlerAnswer } from "../../src/systems/jobs/schema/handlers";
import { useAction } from "../common/action";
import { postJson } from "../common/api";
import { Fault } from "../common/fault";
import { at } from "./session";

/** Hours and days that people mean, in the words of cron. */
const TIMES = [
  { words: "every hour", cron: "0 * * * *" },
  { words: "every day at 6:00", cron: "0 6 * * *" },
  { words: "every Monday at 6:00", cron: "0 6 * * 1" },
  { words: "on the first of each month", cron: "0 6 1 * *" },
] as const;

/** Asks for a job and when it runs. */
export function NewSchedule({ handlers, done }: { handlers: readonly HandlerAnswer[]; done: () => void }) {
  const [name, setName] = useState("");
  const [type, setType] = useState(handlers[0]!.type);
  const [cron, setCron] = useState<string>(TIMES[1].cron);
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const chosen = handlers.find((known) => known.type === type) ?? handlers[0]!;
  const [parameters, setParameters] = useState(() => JSON.stringify(chosen.example, null, 2));
  const { running, fault, run } = useAction("POST /schedules", async () => {
    const job = { simulation_type: type, parameters: JSON.parse(parameters) as unknown };
    await postJson(at("/schedules"), { name, cron, zone, job });
    done();
  });
  function choose(next: string): void {
    setType(next);
    setParameters(JSON.stringify(handlers.find((known) => known.type === next)?.example ?? {}, null, 2));
  }
  function submit(event: Event): void {
    event.preventDefault();
    void run();
  }
  return (
    <section class="panel" aria-label="New schedule">
      <h2>New schedule</h2>
      <form class="form schedule" onSubmit={submit}>
        <label class="field">
          Name
          <input type="text" maxLength={255} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label class="field">
          Type
          <select value={type} onChange={(event) => choose(event.currentTarget.value)}>
            {handlers.map((known) => (
              <option key={known.type} value={known.type}>
                {known.title}
              </option>
            ))}
          </select>
        </label>
        <CronField cron={cron} onChange={setCron} />
        <label class="field">
          Time zone
          <input type="text" required value={zone} onInput={(event) => setZone(event.currentTarget.value)} />
        </label>
        <label class="field">
          Inputs
          <textarea
            rows={8}
            class="mono"
            value={parameters}
            onInput={(event) => setParameters(event.currentTarget.value)}
          />
        </label>
        {fault !== undefined && <Fault report={fault} />}
        <button type="submit" class="primary" disabled={running}>
          Start by the clock
        </button>
      </form>
    </section>
  );
}

function CronField({ cron, onChange }: { cron: string; onChange: (cron: string) => void }) {
  return (
    <div class="field">
      <label for="schedule-cron">Cron</label>
      <input
        id="schedule-cron"
        type="text"
        class="mono"
        required
        value={cron}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <small>Minute, hour, day, month, day of the week.</small>
      <span class="row wrapping">
        {TIMES.map((time) => (
          <button key={time.cron} type="button" class="quiet" onClick={() => onChange(time.cron)}>
            {time.words}
          </button>
        ))}
      </span>
    </div>
  );
}
