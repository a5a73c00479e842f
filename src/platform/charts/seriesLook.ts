/** How series are told apart, on pages and in pictures alike. */

/** How a series is drawn. */
export interface SeriesLook {
  colour: string;
  /** Lengths of line and gap in pixels; empty for a whole line. */
  dash: readonly number[];
}

/**
 * The palette of M. Okabe and K. Ito, "Color Universal Design", 2008, which people with any kind of colour vision can
 * tell apart. The dash pattern is a second sign, for print and for grey screens.
 */
const SERIES_LOOKS: readonly SeriesLook[] = [
  { colour: "#0072b2", dash: [] },
  { colour: "#d55e00", dash: [8, 4] },
  { colour: "#009e73", dash: [2, 3] },
  { colour: "#cc79a7", dash: [10, 3, 2, 3] },
  { colour: "#e69f00", dash: [5, 3] },
  { colour: "#56b4e9", dash: [12, 4] },
  { colour: "#f0e442", dash: [3, 2, 8, 2] },
];

/**
 * The look of the n-th series: fixed, so that a series keeps its colour from chart to chart. The eighth has the colour
 * of the text; from the ninth on colours come again with other dashes.
 */
export function seriesLook(index: number, textColour: string): SeriesLook {
  const round = Math.floor(index / (SERIES_LOOKS.length + 1));
  const place = index % (SERIES_LOOKS.length + 1);
  const dash = SERIES_LOOKS[(place + round) % SERIES_LOOKS.length]!.dash;
  return { colour: SERIES_LOOKS[place]?.colour ?? textColour, dash };
}
