/** One value that the file does not have as it stands, and what was taken for it. */
export interface Repair {
  series?: string;
  /** As the file writes dates; absent where it has none. */
  date?: string;
  /** 1 is the first below the header; absent where there is no row. */
  row?: number;
  kind: "no_row" | "no_value" | "repeated";
  /** The cells as they are written. */
  found: string;
  /** null before the first value of a series, which begins later then. */
  taken: number | null;
}

/** Repairs that an answer holds; all are counted. */
export const MAX_TOLD_REPAIRS = 500;
