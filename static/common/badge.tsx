import type { ComponentChildren } from "preact";

/** `plain` for a fact, `good` for what works, `stale` for what is late or limited, `fault` for what failed. */
export type Tone = "plain" | "good" | "stale" | "fault";

/** A word or two about the state of something. The words carry the meaning; the colour only repeats it. */
export function Badge(props: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge ${props.tone ?? "plain"}`}>{props.children}</span>;
}
