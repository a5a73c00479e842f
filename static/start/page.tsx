import type { DoctorCheck, SystemCard } from "../common/api";
import { Badge } from "../common/badge";
import { Card } from "../common/card";
import { DoctorReport } from "../common/doctor";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { showPage } from "../common/shell";
import { status } from "../common/status";
import { useStore } from "../common/store";
import { systemTone } from "../common/system-tone";

const LINKS = [
  { href: "/docs", title: "API", words: "every path with its members, to be tried out in the page" },
  { href: "/openapi.json", title: "OpenAPI file", words: "for a client in any language" },
  { href: "/metrics", title: "Metrics", words: "for Prometheus" },
  { href: "/health", title: "Health", words: "one line for each part, for a load balancer" },
];

showPage({ title: "Start", Body: StartPage });

function StartPage() {
  return (
    <>
      <Systems />
      <section class="columns">
        <Machine />
        <Links />
      </section>
    </>
  );
}

/** A card for each system that is switched on. Places are kept free until the first word of the server is here. */
function Systems() {
  const now = useStore(status);
  return (
    <div class="cards" aria-busy={now === null}>
      {now?.systems.map((system) => (
        <SystemOnStart key={system.name} system={system} />
      ))}
    </div>
  );
}

function SystemOnStart({ system }: { system: SystemCard }) {
  const { title, figure, caption, action, status, ready, notes = [] } = system;
  const mark = ready && status === "healthy" ? undefined : <Badge tone={systemTone(status)}>{status}</Badge>;
  return (
    <Card title={title} figure={figure} caption={caption} mark={mark}>
      {notes.map((note) => (
        <p key={note} class="quiet-text">
          {note}
        </p>
      ))}
      <a class="button" href={action.href}>
        {action.label}
      </a>
    </Card>
  );
}

function Machine() {
  const doctor = useLoaded<DoctorCheck[]>("/api/system/doctor");
  return (
    <section class="panel" aria-label="What this machine can do">
      <h2>What this machine can do</h2>
      <Loading what="the checks of this machine" loaded={doctor}>
        {(checks) => <DoctorReport checks={checks} />}
      </Loading>
    </section>
  );
}

function Links() {
  return (
    <section class="panel" aria-label="Documents and API">
      <h2>Documents and API</h2>
      <dl class="links">
        {LINKS.map(({ href, title, words }) => (
          <div key={href}>
            <dt>
              <a href={href}>{title}</a>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
