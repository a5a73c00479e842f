import type { ComponentChildren } from "preact";
import { Fault } from "./fault";
import type { Resource } from "./load";

/**
 * Draws what was loaded; before that a line that says what is awaited, and a fault where one came. What is there
 * already stays where it is: a fault of a later try is one line above it, which opens.
 */
export function Loading<T>(props: { what: string; loaded: Resource<T>; children: (value: T) => ComponentChildren }) {
  const { value, fault, reload } = props.loaded;
  const report = fault !== undefined && <Fault report={fault} retry={reload} />;
  if (value === undefined) return report || <p class="quiet-text loading">Loading {props.what}</p>;
  return (
    <>
      {fault !== undefined && (
        <details class="not-refreshed">
          <summary>
            Not up to date. <span role="status">{fault.what}</span>
          </summary>
          {report}
        </details>
      )}
      {props.children(value)}
    </>
  );
}
