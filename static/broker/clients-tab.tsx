import { useEffect } from "preact/hooks";
import type { ClientPage, ClientRow } from "../../src/systems/broker/schema";
import { Badge } from "../common/badge";
import { formatNumber, formatTime } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Pager } from "../common/pager";
import { useStore } from "../common/store";
import { Table, useTableSort } from "../common/table";
import type { Column, Sort } from "../common/table-rows";
import { choiceCodec, numberCodec, textCodec, useUrlState } from "../common/url-state";
import { ClientDialog } from "./client-dialog";
import { OnlyWhileOpen } from "./only-while-open";
import { overview } from "./overview";

const STATES = ["all", "online", "offline"] as const;
const PAGE_ROWS = 50;
const MAX_OFFSET = 2000;
const REFRESH_MS = 5000;
const FIRST_SORT: Sort = { key: "clientId", direction: "ascending" };

/** Clients, and sessions that wait for theirs: searched and sorted by the server, since there may be a hundred thousand. */
export default function ClientsTab() {
  const now = useStore(overview);
  if (now?.showsClients === false) return <OnlyWhileOpen what="Each client with its subscriptions and its queue" />;
  return <Clients changes={now === null ? 0 : now.totals.connectionsAccepted - now.clients} />;
}

/** `changes` is another number when somebody has come or gone. */
function Clients({ changes }: { changes: number }) {
  const [query, setQuery] = useUrlState("q", textCodec());
  const [state, setState] = useUrlState("state", choiceCodec(STATES, "all"));
  const [offset, setOffset] = useUrlState("from", numberCodec(0, 0, MAX_OFFSET));
  const [chosen, choose] = useUrlState("client", textCodec());
  const [sort = FIRST_SORT] = useTableSort("clients", FIRST_SORT);
  const asked = new URLSearchParams({
    q: query,
    state,
    sort: sort.key,
    direction: sort.direction,
    offset: String(offset),
    limit: String(PAGE_ROWS),
  });
  const page = useLoaded<ClientPage>(`/api/broker/clients?${asked}`);
  useEffect(page.reload, [changes]);
  useRefreshed(page.reload);
  /** A narrower search begins at its first page. */
  const narrow =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      setOffset(0);
    };
  return (
    <section class="panel" aria-label="Clients">
      <Tools {...{ query, state }} onQuery={narrow(setQuery)} onState={narrow(setState)} />
      <Loading what="the clients" loaded={page}>
        {({ total, clients }) => (
          <>
            <Table
              name="clients"
              caption="clients"
              columns={columnsFor(choose)}
              rows={clients}
              pageOf={total}
              sort={FIRST_SORT}
              keyOf={({ clientId }) => clientId}
              empty={emptyFor(query, state, () => {
                narrow(setQuery)("");
                setState("all");
              })}
            />
            <Pager total={total} offset={offset} limit={PAGE_ROWS} deepest={MAX_OFFSET} onOffset={setOffset} />
          </>
        )}
      </Loading>
      {chosen !== "" && <ClientDialog clientId={chosen} onClose={() => choose("")} onChange={page.reload} />}
    </section>
  );
}

interface ToolsProps {
  query: string;
  state: (typeof STATES)[number];
  onQuery(query: string): void;
  onState(state: (typeof STATES)[number]): void;
}

function Tools({ query, state, onQuery, onState }: ToolsProps) {
  return (
    <div class="panel-tools">
      <label class="search">
        Search
        <input
          type="search"
          value={query}
          maxLength={100}
          placeholder="part of an identifier, user or address"
          onInput={(event) => onQuery(event.currentTarget.value)}
        />
      </label>
      <label>
        State
        <select value={state} onChange={(event) => onState(event.currentTarget.value as ToolsProps["state"])}>
          {STATES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </div>
  );
}

function emptyFor(query: string, state: string, showAll: () => void) {
  if (query !== "" || state !== "all") {
    const action = { label: "Show all clients", run: showAll };
    return { what: "Clients that match would be here. There are none.", action };
  }
  return {
    what: "Each client would be here as soon as it connects, with its subscriptions, its queue and what is on its way to it.",
    action: { label: "Connect from this page", href: "/broker?tab=try" },
  };
}

/** Asks again every five seconds while somebody looks: queues change without a sign. */
function useRefreshed(reload: () => void): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [reload]);
}

const time = (iso: string | null) => (iso === null ? null : formatTime(iso));

/** What most need not see. */
const HIDDEN_COLUMNS: readonly Column<ClientRow>[] = [
  {
    key: "queuedBytes",
    title: "Queued",
    unit: "bytes",
    value: ({ queuedBytes }) => queuedBytes,
    atFirstHidden: true,
  },
  {
    key: "outboxBytes",
    title: "Unsent",
    unit: "bytes",
    value: ({ outboxBytes }) => outboxBytes,
    atFirstHidden: true,
  },
  {
    key: "lastHeardAt",
    title: "Last heard",
    unit: "UTC",
    value: ({ lastHeardAt }) => time(lastHeardAt),
    atFirstHidden: true,
  },
  {
    key: "sessionEndsAt",
    title: "Session ends",
    unit: "UTC",
    value: ({ sessionEndsAt }) => time(sessionEndsAt),
    atFirstHidden: true,
  },
];

function columnsFor(choose: (clientId: string) => void): Column<ClientRow>[] {
  return [
    {
      key: "clientId",
      title: "Client",
      value: ({ clientId }) => clientId,
      show: ({ clientId }) => (
        <button type="button" class="link mono" onClick={() => choose(clientId)}>
          {clientId}
        </button>
      ),
    },
    {
      key: "connectedAt",
      title: "Connected",
      unit: "UTC",
      value: ({ connectedAt }) => time(connectedAt),
      show: (client) => time(client.connectedAt) ?? <Badge tone="stale">offline</Badge>,
    },
    { key: "username", title: "User", value: ({ username }) => username },
    { key: "address", title: "Address", value: ({ address }) => address },
    { key: "transport", title: "By", value: ({ transport }) => transport },
    { key: "version", title: "MQTT", value: ({ version }) => version },
    { key: "subscriptions", title: "Subscriptions", value: ({ subscriptions }) => subscriptions },
    { key: "inflight", title: "In flight", value: ({ inflight }) => inflight },
    {
      key: "queuedMessages",
      title: "Queued",
      value: ({ queuedMessages }) => queuedMessages,
      show: ({ queuedMessages, isBlocked }) => (
        <>
          {isBlocked && <Badge tone="stale">takes nothing</Badge>} {formatNumber(queuedMessages, 0)}
        </>
      ),
    },
    ...HIDDEN_COLUMNS,
  ];
}
