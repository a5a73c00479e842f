import type { FaultReport } from "./api";
import { copyText } from "./download";

/** A fault in full: what was wrong, where, what to do, and the request id by which it is found in the logs. */
export function Fault(props: { report: FaultReport; retry?: () => void }) {
  const { what, where, todo, requestId } = props.report;
  const text = [what, `Where: ${where}`, `What to do: ${todo}`, `Request id: ${requestId ?? "none"}`].join("\n");
  return (
    <div class="fault" role="alert">
      <p class="fault-what">{what}</p>
      <dl>
        <dt>Where</dt>
        <dd>{where}</dd>
        <dt>What to do</dt>
        <dd>{todo}</dd>
        {requestId !== null && (
          <>
            <dt>Request id</dt>
            <dd>
              <a href={`/system?tab=logs&request_id=${encodeURIComponent(requestId)}`}>{requestId}</a>
            </dd>
          </>
        )}
      </dl>
      <div class="row">
        {props.retry !== undefined && (
          <button type="button" onClick={props.retry}>
            Try again
          </button>
        )}
        <button type="button" onClick={() => copyText(text, "Fault")}>
          Copy
        </button>
      </div>
    </div>
  );
}
