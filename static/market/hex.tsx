/** A long key, hash or address: its first and last digits, and all of it on hover. */
export function Hex({ text }: { text: string }) {
  if (text === "") return <span class="quiet-text">none</span>;
  return (
    <code title={text}>
      <bdi>{text.length <= 16 ? text : `${text.slice(0, 8)}…${text.slice(-6)}`}</bdi>
    </code>
  );
}
