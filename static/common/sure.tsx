import { useState } from "preact/hooks";

/** A button for what cannot be undone: the first press asks, the second does it. */
export function Sure(props: { label: string; question: string; onSure(): void }) {
  const [asking, setAsking] = useState(false);
  if (!asking) {
    return (
      <button type="button" onClick={() => setAsking(true)}>
        {props.label}
      </button>
    );
  }
  return (
    <div class="sure" role="alert">
      <span>{props.question}</span>
      <button type="button" class="wrong" onClick={props.onSure}>
        {props.label}
      </button>
      <button type="button" class="quiet" onClick={() => setAsking(false)}>
        Keep it
      </button>
    </div>
  );
}
