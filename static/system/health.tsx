import type { DoctorCheck, SystemCard } from "../common/api";
import { Badge } from "../common/badge";
import { Card } from "../common/card";
import { DoctorReport } from "../common/doctor";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { status } from "../common/status";
import { useStore } from "../common/store";
import { systemTone } from "../common/system-tone";

/** Each system with its state, and what works on this machine. */
export function HealthTab() {
  const now = useStore(status);
  const doctor = useLoaded<DoctorCheck[]>("/api/system/doctor");
  return (
    <>
      <div class="cards" aria-busy={now === null}>
        {now?.systems.map((system) => (
          <SystemHealth key={system.name} system={system} />
        ))}
      </div>
      <section class="panel" aria-label="This machine">
        <header class="panel-head">
          <h2>This machine</h2>
          <button type="button" class="quiet" onClick={doctor.reload}>
            Check again
          </button>
        </header>
        <Loading what="the checks of this machine" loaded={doctor}>
          {(checks) => <DoctorReport checks={checks} />}
        </Loading>
      </section>
    </>
  );
}

function SystemHealth({ system }: { system: SystemCard }) {
  const { title, figure, caption, status, ready, notes = [] } = system;
  return (
    <Card title={title} figure={figure} caption={caption} mark={<Badge tone={systemTone(status)}>{status}</Badge>}>
      <p class="quiet-text">{ready ? "Takes requests." : "Not ready: requests are answered with 503."}</p>
      {notes.map((note) => (
        <p key={note} class="quiet-text">
          {note}
        </p>
      ))}
    </Card>
  );
}
