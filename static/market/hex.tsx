import { isNarrow } from "./narrow";

/** What is shown of a long text at its two ends. */
const [FIRST, LAST] = isNarrow ? [6, 4] : [8, 6];
const CUT_ABOVE = 16;

/** A long key, hash or address: its first and last digits, and all of it on hover. */
export function Hex({ text }: { text: string }) {
  if (text === "") return <span class="quiet-text">none</span>;
  return (
    <code title={text}>
      <bdi>{text.length <= CUT_ABOVE ? text : `${text.slice(0, FIRST)}…${text.slice(-LAST)}`}</bdi>
    </code>
  );
}
