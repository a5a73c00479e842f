/** A terminal, or what stands in its place. */
export interface BarStream {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressBar {
  /** Draws how far it is; a total of 0 means that it is not known yet. */
  update(progress: { done: number; total: number }): void;
  /** Takes the bar away, so that what is written next begins a line. */
  end(): void;
}

const MAX_CELLS = 30;
/** What a terminal has that does not say. */
const USUAL_COLUMNS = 80;
const ERASE_LINE = "\r\x1b[2K";
const GREEN = "\x1b[32m";
const PLAIN = "\x1b[39m";

/**
 * A bar on standard error while that is a terminal that can redraw a line; elsewhere nothing, so that logs stay clean.
 * Where NO_COLOR is set, to anything but nothing, it has no colour; https://no-color.org.
 */
export function progressBar(
  label: string,
  stream: BarStream = process.stderr,
  environment: Record<string, string | undefined> = process.env,
): ProgressBar {
  if (stream.isTTY !== true || environment["TERM"] === "dumb") return { update: () => undefined, end: () => undefined };
  const [on, off] = environment["NO_COLOR"] ? ["", ""] : [GREEN, PLAIN];
  return {
    update({ done, total }) {
      const figures = `${done}/${total}`;
      const room = (stream.columns || USUAL_COLUMNS) - label.length - figures.length - " [] ".length - 1;
      const cells = Math.min(MAX_CELLS, Math.max(0, room));
      const full = total === 0 ? 0 : Math.round((cells * Math.min(done, total)) / total);
      stream.write(`${ERASE_LINE}${label} [${on}${"#".repeat(full)}${off}${"-".repeat(cells - full)}] ${figures}`);
    },
    end: () => void stream.write(ERASE_LINE),
  };
}
