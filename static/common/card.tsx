import type { ComponentChildren } from "preact";
import { Sparkline } from "./sparkline";

export interface CardProps {
  title: string;
  /** The key figure with its unit; null while there is none. */
  figure: string | null;
  /** What the figure is. */
  caption: string;
  /** How it differs from something, in words: `+2.1 % in 30 days`. */
  difference?: string;
  /** Values of the recent past, evenly spaced, oldest first. */
  recent?: ArrayLike<number>;
  /** Stands at the right of the title, such as a badge. */
  mark?: ComponentChildren;
  /** Stands below: one action, or a few notes. */
  children?: ComponentChildren;
}

/** One key figure, what it is, how it moved, and what can be done about it. */
export function Card(props: CardProps) {
  return (
    <section class="card" aria-label={props.title}>
      <header class="card-head">
        <h2>{props.title}</h2>
        {props.mark}
      </header>
      <div class="card-figure">
        <Figure text={props.figure ?? "–"} />
        {props.recent !== undefined && <Sparkline values={props.recent} />}
      </div>
      <p class="caption">
        {props.caption}
        {props.difference !== undefined && <span class="difference">{props.difference}</span>}
      </p>
      {props.children !== undefined && <div class="card-foot">{props.children}</div>}
    </section>
  );
}

/** The digits large, the unit behind them small; a figure with several numbers (`1 d 2 h`) is large as a whole. */
function Figure({ text }: { text: string }) {
  const [, digits = "", unit] = /^([\d.,\s–−+∞]*)(\D*)$/.exec(text) ?? [text, text, ""];
  return (
    <span class="figure">
      {digits.trimEnd()}
      {unit !== "" && <span class="figure-unit"> {unit}</span>}
    </span>
  );
}
