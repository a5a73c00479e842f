import type { LimitInForce } from "../../src/systems/broker/schema";
import { Badge } from "../common/badge";
import { formatBytes, formatDuration, formatNumber } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";

const NEARLY_FULL = 0.8;

const COLUMNS: Column<LimitInForce>[] = [
  { key: "name", title: "Limit", value: ({ name }) => wordsOf(name) },
  {
    key: "value",
    title: "Value",
    value: ({ value }) => value,
    show: ({ value, unit, zero }) => (value === 0 && zero) || inUnit(value, unit),
  },
  {
    key: "used",
    title: "In use",
    value: ({ used }) => used,
    show: ({ used, value, unit }) =>
      used === null ? "–" : <Used share={value === 0 ? 0 : used / value}>{inUnit(used, unit)}</Used>,
  },
  {
    key: "setting",
    title: "Setting",
    value: ({ setting }) => setting,
    show: ({ setting }) => (setting === null ? <span class="quiet-text">fixed</span> : <code>{setting}</code>),
  },
  { key: "meaning", title: "What happens", wraps: true, value: ({ meaning }) => meaning },
];

/** Every limit, what happens at it, what is in use of it, and the setting that changes it. */
export default function LimitsTab() {
  const limits = useLoaded<LimitInForce[]>("/api/broker/limits");
  return (
    <section class="panel" aria-label="Limits">
      <header class="panel-head">
        <h2>Limits in force</h2>
        <button type="button" class="quiet" onClick={limits.reload}>
          Refresh
        </button>
      </header>
      <Loading what="the limits" loaded={limits}>
        {(rows) => (
          <Table
            name="limits"
            caption="limits"
            columns={COLUMNS}
            rows={rows}
            keyOf={({ name }) => name}
            empty={{ what: "The limits of the broker would be here." }}
          />
        )}
      </Loading>
    </section>
  );
}

function Used({ share, children }: { share: number; children: string }) {
  if (share < NEARLY_FULL) return <>{children}</>;
  return (
    <>
      <Badge tone="stale">{`${formatNumber(share * 100, 0)} %`}</Badge> {children}
    </>
  );
}

/** A member's name as words; of times the unit stands beside the value already. */
function wordsOf(name: string): string {
  const words = name.replace(/(Ms|Seconds)$/, "").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function inUnit(value: number, unit: string): string {
  if (unit === "bytes") return formatBytes(value);
  if (unit === "s" && value >= 60) return formatDuration(value);
  if (unit === "ms" && value >= 1000) return formatDuration(value / 1000);
  return `${formatNumber(value, 0)} ${unit}`;
}
