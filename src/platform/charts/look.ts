/** The colours of charts in light and in dark, those of the pages. */

export type Scheme = "light" | "dark";

export interface Ink {
  surface: string;
  text: string;
  quiet: string;
  /** Of the grid. */
  line: string;
  /** Of axes and boundaries. */
  edge: string;
  /** Behind what has happened already. */
  history: string;
  /** Of a cell without a value. */
  missing: string;
}

export const INKS: Readonly<Record<Scheme, Ink>> = {
  light: {
    surface: "#ffffff",
    text: "#1a1e24",
    quiet: "#57606b",
    line: "#e2e5e9",
    edge: "#868e98",
    history: "#f1f3f5",
    missing: "#c8ccd2",
  },
  dark: {
    surface: "#161a20",
    text: "#e7eaee",
    quiet: "#9ea7b3",
    line: "#2a3039",
    edge: "#6d7683",
    history: "#1e242c",
    missing: "#4a505a",
  },
};

/** A range between two quantiles is drawn in the colour of its series: the wider range fainter than the one inside. */
export const BAND_OPACITY = { outer: 0.12, inner: 0.24 } as const;
