import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { ReputationAnswer } from "../../src/systems/market/schema/workers";
import { formatDuration, formatNumber } from "../common/format";

const STARS = 5;
const STAR_PX = 14;
/** A star with five points in a square of 14, drawn from its top. */
const STAR = "l1.9 3.9 4.3.6-3.1 3 .7 4.3-3.8-2-3.8 2 .7-4.3-3.1-3 4.3-.6z";
const TIP_PX = { width: 320, height: 288 };
const EDGE_PX = 8;
const GAP_PX = 4;

/** The stars of a worker; the parts they are made of appear under the pointer and on focus. */
export function ReputationStars({ reputation }: { reputation: ReputationAnswer }) {
  const [at, setAt] = useState<Record<string, string> | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const hide = () => setAt(null);
  function show(): void {
    setAt(placeBeside(button.current!));
  }
  useEffect(() => {
    if (at === null) return;
    document.addEventListener("scroll", hide, { capture: true });
    return () => document.removeEventListener("scroll", hide, { capture: true });
  }, [at === null]);
  return (
    <>
      <button
        ref={button}
        type="button"
        class="stars"
        aria-label={`${formatNumber(reputation.stars, 1)} of 5 stars`}
        aria-describedby={at === null ? undefined : id}
        onPointerEnter={show}
        onPointerLeave={hide}
        onFocus={show}
        onBlur={hide}
        onClick={show}
        onKeyDown={(event) => event.key === "Escape" && hide()}
      >
        <Stars stars={reputation.stars} />
        {formatNumber(reputation.stars, 1)}
      </button>
      {at !== null && (
        <div id={id} role="tooltip" class="tip" style={at}>
          <ReputationParts reputation={reputation} />
        </div>
      )}
    </>
  );
}

/** Below, or where there is no room above; never beyond the edges of the screen. */
function placeBeside(element: HTMLElement): Record<string, string> {
  const { left, top, bottom } = element.getBoundingClientRect();
  const within = Math.max(EDGE_PX, Math.min(left, innerWidth - TIP_PX.width - EDGE_PX));
  const below = bottom + GAP_PX + TIP_PX.height <= innerHeight;
  const upright = below ? { top: `${bottom + GAP_PX}px` } : { bottom: `${innerHeight - top + GAP_PX}px` };
  return { left: `${within}px`, ...upright };
}

function Stars({ stars }: { stars: number }) {
  const path = Array.from({ length: STARS }, (_, at) => `M${at * STAR_PX + 7} .9${STAR}`).join("");
  const width = STARS * STAR_PX;
  const clipId = useId();
  return (
    <svg width={width} height={STAR_PX} viewBox={`0 0 ${width} ${STAR_PX}`} aria-hidden="true">
      <clipPath id={clipId}>
        <rect width={(width * stars) / STARS} height={STAR_PX} />
      </clipPath>
      <path class="star-ground" d={path} />
      <path class="star-part" d={path} clip-path={`url(#${clipId})`} />
    </svg>
  );
}

/** The four parts of a reputation, each with its weight and what it was made of. */
export function ReputationParts({ reputation }: { reputation: ReputationAnswer }) {
  return (
    <div class="reputation">
      <p class="row reputation-sum">
        <span>Reputation</span>
        <span>{formatNumber(reputation.score, 2)} of 100</span>
      </p>
      {partsOf(reputation).map(({ title, score, weight, made }) => (
        <div key={title} class="reputation-part">
          <span>{title}</span>
          <span class="number">
            {formatNumber(score, 1)} of {weight}
          </span>
          <progress value={score} max={weight} aria-label={title} />
          <span class="quiet-text">{made}</span>
        </div>
      ))}
    </div>
  );
}

interface Part {
  title: string;
  score: number;
  weight: number;
  made: string;
}

function partsOf({ breakdown }: ReputationAnswer): Part[] {
  const { block_detail, completion_detail, uptime_detail, age_detail } = breakdown;
  const { online_seconds, total_seconds, uptime_pct } = uptime_detail;
  const leases = `${completion_detail.completed_leases} of ${completion_detail.total_leases} leases`;
  return [
    {
      title: "Blocks",
      score: breakdown.block_score,
      weight: block_detail.weight,
      made: `${formatNumber(block_detail.verified_blocks, 0)} verified, ${block_detail.max_blocks} give all`,
    },
    {
      title: "Completion",
      score: breakdown.completion_score,
      weight: completion_detail.weight,
      made: completion_detail.total_leases === 0 ? "no lease yet" : `${leases} completed`,
    },
    {
      title: "Uptime",
      score: breakdown.uptime_score,
      weight: uptime_detail.weight,
      made: `${formatNumber(uptime_pct, 1)} %, online ${formatDuration(online_seconds)} of ${formatDuration(total_seconds)}`,
    },
    {
      title: "Age",
      score: breakdown.age_score,
      weight: age_detail.weight,
      made: `${formatNumber(age_detail.days, 1)} days, ${age_detail.max_days} give all`,
    },
  ];
}
