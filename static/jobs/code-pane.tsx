/** Text as it is, in a pane of its own that scrolls. */
export function CodePane({ label, text }: { label: string; text: string }) {
  return (
    <section
      class="code-pane"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
      tabIndex={0}
    >
      {text}
    </section>
  );
}
