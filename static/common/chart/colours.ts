/**
 * Colours of series: the palette of M. Okabe and K. Ito, "Color Universal Design", 2008, which people with any kind of
 * colour vision can tell apart, in a fixed order. The dash pattern is a second sign, for print and for grey screens.
 */
const SERIES_LOOKS = [
  { colour: "#0072b2", dash: [] },
  { colour: "#d55e00", dash: [8, 4] },
  { colour: "#009e73", dash: [2, 3] },
  { colour: "#cc79a7", dash: [10, 3, 2, 3] },
  { colour: "#e69f00", dash: [5, 3] },
  { colour: "#56b4e9", dash: [12, 4] },
  { colour: "#f0e442", dash: [3, 2, 8, 2] },
] as const;

/** How a series is drawn. */
export interface SeriesLook {
  colour: string;
  /** Lengths of line and gap in pixels; empty for a whole line. */
  dash: readonly number[];
}

/** The look of the n-th series. The eighth is in the colour of the text; from the ninth on colours come again with other dashes. */
export function seriesLook(index: number, textColour: string): SeriesLook {
  const round = Math.floor(index / (SERIES_LOOKS.length + 1));
  const place = index % (SERIES_LOOKS.length + 1);
  const colour = SERIES_LOOKS[place]?.colour ?? textColour;
  return { colour, dash: SERIES_LOOKS[(place + round) % SERIES_LOOKS.length]!.dash };
}

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
