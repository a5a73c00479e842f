import type { Span } from "./attempts";
import { spanWords } from "./words";

const WORDS = { waited: "waited", ran: "ran", failed: "ran and failed" } as const;

/** Waits and runs of all attempts side by side, as long as they were. */
export function AttemptBar({ spans }: { spans: readonly Span[] }) {
  const words = spans.map(({ kind, attempt, spanMs }) => `attempt ${attempt} ${WORDS[kind]} ${spanWords(spanMs)}`);
  const waitedMs = sumOf(spans.filter(({ kind }) => kind === "waited"));
  const ranMs = sumOf(spans.filter(({ kind }) => kind !== "waited"));
  return (
    <div class="attempts">
      <div class="attempt-bar" role="img" aria-label={words.join(", ")}>
        {spans.map(({ kind, attempt, spanMs }, place) => (
          <span
            // Spans are never reordered; only the last one grows.
            key={place}
            class={kind}
            title={words[place]}
            style={{ flexGrow: Math.max(spanMs, 1) }}
          >
            {kind === "waited" ? "" : attempt}
          </span>
        ))}
      </div>
      <p class="quiet-text">
        Waited {spanWords(waitedMs)}, ran {spanWords(ranMs)}
      </p>
    </div>
  );
}

function sumOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { spanMs }) => sum + spanMs, 0);
}
