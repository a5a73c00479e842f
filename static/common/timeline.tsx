import { Badge, type Tone } from "./badge";
import { formatTime } from "./format";

export interface TimelineStep {
  /** ISO 8601, UTC; null for what is still to come. */
  time: string | null;
  title: string;
  note?: string;
  tone?: Tone;
}

/** What happened to something, oldest first, with what is still to come at the end. */
export function Timeline(props: { steps: readonly TimelineStep[] }) {
  return (
    <ol class="timeline">
      {props.steps.map((step) => (
        <li key={`${step.time} ${step.title}`} class={step.time === null ? "to-come" : ""}>
          {step.time === null ? (
            <span class="timeline-time">to come</span>
          ) : (
            <time class="timeline-time" dateTime={step.time}>
              {formatTime(step.time)}
            </time>
          )}
          <span class="timeline-title">
            {step.tone === undefined ? step.title : <Badge tone={step.tone}>{step.title}</Badge>}
          </span>
          {step.note !== undefined && <span class="timeline-note quiet-text">{step.note}</span>}
        </li>
      ))}
    </ol>
  );
}
