import type { ShownLine } from "../common/api";
import { Badge, type Tone } from "../common/badge";
import { formatTime } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { choiceCodec, textCodec, useUrlState } from "../common/url-state";

const LEVELS = ["debug", "info", "warn", "error"] as const;
const TONES: Record<ShownLine["level"], Tone> = { debug: "plain", info: "plain", warn: "stale", error: "fault" };
const LIMIT = 1000;

/** The last lines of the log, from a level up, of one request or of all. */
export function LogsTab() {
  const [requestId, setRequestId] = useUrlState("request_id", textCodec());
  const [level, setLevel] = useUrlState("level", choiceCodec(LEVELS, "info"));
  const query = new URLSearchParams({ level, limit: String(LIMIT) });
  if (requestId !== "") query.set("request_id", requestId);
  const lines = useLoaded<ShownLine[]>(`/api/system/logs?${query}`);
  const columns = columnsFor(setRequestId);
  return (
    <section class="panel" aria-label="Logs">
      <div class="panel-tools">
        <label>
          Request id
          <input
            type="search"
            class="wide"
            value={requestId}
            placeholder="all requests"
            onChange={(event) => setRequestId(event.currentTarget.value.trim())}
          />
        </label>
        <label>
          From level
          <select value={level} onChange={(event) => setLevel(event.currentTarget.value as (typeof LEVELS)[number])}>
            {LEVELS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <button type="button" onClick={lines.reload}>
          Refresh
        </button>
      </div>
      <Loading what="the log" loaded={lines}>
        {(rows) => (
          <Table
            name="logs"
            caption="log lines"
            columns={columns}
            rows={rows}
            keyOf={(line) => `${line.time} ${line.requestId} ${line.message}`}
            empty={{
              what:
                requestId === ""
                  ? `Lines of the log from level ${level} up would be here.`
                  : `Lines of request ${requestId} would be here. It may be too old, or below level ${level}.`,
              action: { label: "Show all requests", run: () => setRequestId("") },
            }}
          />
        )}
      </Loading>
    </section>
  );
}

function columnsFor(choose: (requestId: string) => void): Column<ShownLine>[] {
  return [
    { key: "time", title: "Time", unit: "UTC", value: ({ time }) => formatTime(time) },
    {
      key: "level",
      title: "Level",
      value: ({ level }) => level,
      show: ({ level }) => <Badge tone={TONES[level]}>{level}</Badge>,
    },
    { key: "message", title: "Message", value: ({ message }) => message },
    {
      key: "request",
      title: "Request id",
      value: ({ requestId }) => requestId,
      show: ({ requestId }) =>
        requestId === null ? undefined : (
          <button type="button" class="link mono" title="Only this request" onClick={() => choose(requestId)}>
            {requestId}
          </button>
        ),
    },
    { key: "details", title: "Details", value: detailsOf, show: (line) => <code>{detailsOf(line)}</code> },
  ];
}

function detailsOf({ details }: ShownLine): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}
