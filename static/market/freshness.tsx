import { useEffect, useState } from "preact/hooks";
import { Badge } from "../common/badge";
import { formatDuration } from "../common/format";

/** Something is heard every five seconds; three times that without a word means that it is no longer live. */
const STALE_AFTER_S = 15;

/** Whether figures are live, by when the market was last heard of; says so in words and colour when they are not. */
export function Freshness({ heardAt }: { heardAt: number | null }) {
  const nowMs = useSecond();
  if (heardAt === null) return <span class="market-freshness quiet-text">Connecting</span>;
  const ageS = Math.max(0, Math.floor((nowMs - heardAt) / 1000));
  if (ageS < STALE_AFTER_S) return <span class="market-freshness quiet-text">Live</span>;
  return (
    <span class="market-freshness">
      <Badge tone="stale">Stale: figures of {formatDuration(ageS)} ago</Badge>
    </span>
  );
}

/** `Date.now()`, told anew each second. */
export function useSecond(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
