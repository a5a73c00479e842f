import type { ComponentChildren } from "preact";
import { Fault } from "./fault";
import type { Loaded } from "./load";

/** Draws what was loaded; before that a line that says what is awaited, and a fault where one came. */
export function Loading<T>(props: { what: string; loaded: Loaded<T>; children: (value: T) => ComponentChildren }) {
  const { value, fault, reload } = props.loaded;
  return (
    <>
      {fault !== undefined && <Fault report={fault} retry={reload} />}
      {value === undefined && fault === undefined && <p class="quiet-text loading">Loading {props.what}</p>}
      {value !== undefined && props.children(value)}
    </>
  );
}
