import { useEffect } from "preact/hooks";
import type { Incident, Overview, RatePoint } from "../../src/systems/broker/schema";
import { Badge } from "../common/badge";
import { Card } from "../common/card";
import { copyText } from "../common/download";
import { Empty } from "../common/empty";
import { decimalsFor, formatBytes, formatNumber, formatTime } from "../common/format";
import { lazy } from "../common/lazy";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { OnlyWhileOpen } from "./only-while-open";
import { overview, rates } from "./overview";

const RatesChart = lazy(() => import("./rates-chart"));

/** Rates, clients and drops at first sight; then where to connect, and who was refused of late. */
export function NowTab() {
  const now = useStore(overview);
  const recent = useStore(rates);
  return (
    <>
      <div class="cards broker-cards" aria-busy={now === null}>
        {now !== null && <CountCards now={now} recent={recent} />}
      </div>
      <RatesChart />
      <div class="columns">
        <section class="panel" aria-label="Refused and cut off of late">
          <h2>Refused and cut off of late</h2>
          {now !== null && <Lately now={now} />}
        </section>
        <div class="stack">
          {now !== null && <Connect now={now} />}
          {now !== null && <Drops now={now} />}
        </div>
      </div>
    </>
  );
}

const OVERLOAD_WORDS = ["", "QoS 0 is dropped", "publishers wait", "no new clients"];

function CountCards({ now, recent }: { now: Overview; recent: readonly RatePoint[] }) {
  const of = (figure: keyof RatePoint) => recent.map((point) => point[figure]);
  const { totals } = now;
  const rate = (figure: "messagesIn" | "messagesOut" | "bytesIn" | "bytesOut") => now.now?.[figure] ?? null;
  const dropped = sum(Object.values(totals.dropped));
  return (
    <>
      <Card
        title="Messages in"
        figure={perSecond(rate("messagesIn"))}
        caption={`${formatBytes(rate("bytesIn") ?? 0)}/s; ${formatNumber(sum(totals.messagesReceived), 0)} since the start`}
        recent={of("messagesIn")}
      />
      <Card
        title="Messages out"
        figure={perSecond(rate("messagesOut"))}
        caption={`${formatBytes(rate("bytesOut") ?? 0)}/s; ${formatNumber(sum(totals.messagesSent), 0)} since the start`}
        recent={of("messagesOut")}
      />
      <Card
        title="Clients"
        figure={formatNumber(now.clients, 0)}
        caption={`connected; ${formatNumber(now.sessions, 0)} sessions with those that wait`}
        recent={of("clients")}
      />
      <Card
        title="Dropped"
        figure={formatNumber(dropped, 0)}
        caption={dropped === 0 ? "messages since the start: none is lost" : "messages since the start"}
        recent={of("dropped")}
      />
      <Card
        title="Held"
        figure={formatBytes(now.heldBytes)}
        caption={`of ${formatBytes(now.memoryLimitBytes)} for what waits; ${formatNumber(now.retainedMessages, 0)} retained`}
        {...(now.overload > 0 && { mark: <Badge tone="stale">{OVERLOAD_WORDS[now.overload]}</Badge> })}
      />
    </>
  );
}

/** Every address at which clients may connect, with a command that shows it works. */
function Connect({ now }: { now: Overview }) {
  const { hostname, host, protocol } = location;
  const web = `${protocol === "https:" ? "wss" : "ws"}://${host}${now.websocketPath}`;
  const addresses = [
    ...(now.tcpPort === null ? [] : [`mqtt://${hostname}:${now.tcpPort}`]),
    ...(now.tlsPort === null ? [] : [`mqtts://${hostname}:${now.tlsPort}`]),
    web,
  ];
  return (
    <section class="panel" aria-label="Where to connect">
      <h2>Where to connect</h2>
      <ul class="addresses">
        {addresses.map((address) => (
          <li key={address}>
            <code>{address}</code>
            <button
              type="button"
              class="quiet"
              onClick={() => copyText(address, address)}
              aria-label={`Copy ${address}`}
            >
              Copy
            </button>
          </li>
        ))}
      </ul>
      <a class="button" href="/broker?tab=try">
        Publish and subscribe here
      </a>
    </section>
  );
}

/** Why messages were dropped, the most frequent reason first; those that never occurred are left out. */
const REASONS: Record<string, string> = {
  slow_reader: "the receiver is too slow",
  offline: "QoS 0 for somebody who is offline",
  queue_full: "the receiver's queue is full",
  expired: "too old",
  too_large: "larger than the receiver takes",
  not_authorized: "no right to publish it",
  overload: "too little memory",
  retained_full: "no room to retain it",
};

function Drops({ now }: { now: Overview }) {
  const found = Object.entries(now.totals.dropped)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
  return (
    <section class="panel" aria-label="Dropped by reason">
      <h2>Dropped by reason</h2>
      {found.length === 0 ? (
        <p class="quiet-text">No message has been dropped since the start.</p>
      ) : (
        <dl class="counts">
          {found.map(([reason, count]) => (
            <div key={reason}>
              <dt>{REASONS[reason] ?? reason}</dt>
              <dd>{formatNumber(count, 0)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

const KINDS: Record<Incident["kind"], string> = {
  refused: "refused",
  disconnected: "cut off",
  denied: "no right",
  overload: "overload",
};

const COLUMNS: Column<Incident>[] = [
  {
    key: "time",
    title: "Time",
    unit: "UTC",
    value: ({ timeMs }) => formatTime(new Date(timeMs).toISOString()).slice(5),
  },
  {
    key: "kind",
    title: "Kind",
    value: ({ kind }) => KINDS[kind],
    show: ({ kind }) => <Badge tone={kind === "overload" ? "stale" : "plain"}>{KINDS[kind]}</Badge>,
  },
  { key: "who", title: "Who", value: ({ who }) => who || null },
  { key: "what", title: "Why", wraps: true, value: ({ what }) => what },
  { key: "count", title: "Times", value: ({ count }) => count },
];

function Lately({ now }: { now: Overview }) {
  return now.showsClients ? <Incidents count={now.incidents} /> : <OnlyWhileOpen what="Who was refused, and why," />;
}

function Incidents({ count }: { count: number }) {
  const loaded = useLoaded<Incident[]>("/api/broker/incidents");
  useEffect(loaded.reload, [count]);
  return (
    <Loading what="what was refused" loaded={loaded}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty what="Whoever is refused, cut off or denied a right would be here, with the reason. Nobody has been." />
        ) : (
          <Table
            name="incidents"
            caption="incidents"
            columns={COLUMNS}
            rows={rows}
            keyOf={({ timeMs, kind, who, what }) => `${timeMs} ${kind} ${who} ${what}`}
            empty={{ what: "" }}
          />
        )
      }
    </Loading>
  );
}

/** A rate with three digits at least. */
function perSecond(rate: number | null): string | null {
  return rate === null ? null : `${formatNumber(rate, decimalsFor(rate, 3))} /s`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
