/** The colours of the page that a canvas needs as plain values. */
export interface Ink {
  text: string;
  quiet: string;
  line: string;
  edge: string;
  surface: string;
  history: string;
  font: string;
}

/** Reads them from the style that is in force on `element`. */
export function inkOf(element: HTMLElement): Ink {
  const style = getComputedStyle(element);
  const probe = document.createElement("span");
  element.append(probe);
  const resolved = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const [text, quiet, line, edge] = [resolved("text"), resolved("quiet"), resolved("line"), resolved("edge")];
  const [surface, history] = [resolved("surface"), resolved("history")];
  probe.remove();
  return { text, quiet, line, edge, surface, history, font: `12px ${style.fontFamily}` };
}
