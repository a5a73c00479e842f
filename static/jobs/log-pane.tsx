import { useEffect, useRef } from "preact/hooks";
import { downloadText } from "../common/download";
import type { JobEvents } from "./job-events";

/** So many of the last lines are in the page; the file has all. */
const MAX_SHOWN = 2000;
/** How near the end counts as reading along. */
const AT_END_PX = 24;

/** The log as it grows. It scrolls along while its end is in sight. */
export function LogPane({ events: { lines, phase } }: { events: JobEvents }) {
  const pane = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const { current } = pane;
    if (current !== null && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [lines.length]);
  function noteScroll(): void {
    const { scrollHeight, scrollTop, clientHeight } = pane.current!;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < AT_END_PX;
  }
  if (lines.length === 0) {
    return <p class="quiet-text">{phase === "ended" ? "This job logged nothing." : "No log lines yet."}</p>;
  }
  const text = lines.map(({ at, attempt, line }) => `${at} ${attempt} ${line}`).join("\n");
  const shown = lines.slice(-MAX_SHOWN);
  return (
    <>
      <div class="row">
        <span class="quiet-text">
          {lines.length === shown.length ? `${lines.length} lines` : `last ${MAX_SHOWN} of ${lines.length} lines`}
        </span>
        <button type="button" class="quiet" onClick={() => downloadText("log.txt", "text/plain", text)}>
          Save
        </button>
      </div>
      <pre
        ref={pane}
        class="code-pane"
        role="log"
        aria-label="Log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        tabIndex={0}
        onScroll={noteScroll}
      >
        {shown.map(({ at, attempt, line }, place) => (
          <span key={lines.length - shown.length + place}>
            <span class="quiet-text">
              {at.slice(11, 23)} {attempt}{" "}
            </span>
            {line}
            {"\n"}
          </span>
        ))}
      </pre>
    </>
  );
}
