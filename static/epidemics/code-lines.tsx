/** Lines of a program or a file, which scroll. */
export function CodeLines({ label, text }: { label: string; text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section class="code-lines" aria-label={label} tabIndex={0}>
      <pre>{text}</pre>
    </section>
  );
}
