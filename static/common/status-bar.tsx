import { useEffect, useState } from "preact/hooks";
import type { Status } from "./api";
import { formatDuration, formatNumber } from "./format";
import type { LiveState } from "./live";
import { status, statusLine } from "./status";
import { useStore } from "./store";

/** One line about the program: version, the words of each system, work, and whether what is shown is fresh. */
export function StatusBar() {
  const now = useStore(status);
  const line = useStore(statusLine);
  return (
    <footer class="status-bar">
      {now !== null && statusWords(now).map((words) => <span key={words}>{words}</span>)}
      <Freshness line={line} />
    </footer>
  );
}

/** Says across the page that what it shows is old, as long as it is. */
export function StaleBanner() {
  const { phase } = useStore(statusLine);
  if (phase !== "stale") return null;
  return (
    <p class="stale-banner" role="alert">
      Stale: the server has been silent. The figures below may be old; the page tries to connect again by itself.
    </p>
  );
}

/** Whether something is heard from the server, and how old the last of it is. */
function Freshness({ line }: { line: LiveState }) {
  const ageS = useAge(line.lastMessageAt);
  return <span class={`freshness ${line.phase}`}>{freshnessWords(line.phase, ageS)}</span>;
}

/** The parts of the line; a system that is switched off has none. */
function statusWords({ version, systems, work }: Status): string[] {
  // What two systems say alike, such as what computes, is said once.
  const words = new Set(systems.flatMap((system) => system.statusLine));
  return [`Foresight ${version}`, ...words, `${counted(work.running, "calculation")} running`];
}

function freshnessWords(phase: LiveState["phase"], ageS: number | null): string {
  if (ageS === null) return "Connecting";
  if (phase === "stale") return `Stale, last message ${formatDuration(ageS)} ago`;
  return `Live, last message ${formatDuration(ageS)} ago`;
}

function counted(count: number, what: string): string {
  return `${formatNumber(count, 0)} ${what}${count === 1 ? "" : "s"}`;
}

/** Seconds since that time, told anew each second. */
function useAge(since: number | null): number | null {
  const [, tick] = useState({});
  useEffect(() => {
    const timer = setInterval(() => tick({}), 1000);
    return () => clearInterval(timer);
  }, []);
  return since === null ? null : Math.max(0, Math.floor((Date.now() - since) / 1000));
}
