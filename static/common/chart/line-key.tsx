import { type SeriesLook, seriesLook } from "../../../src/platform/charts/seriesLook";

/** A short piece of the line of the series at a place, as it is drawn in the charts. */
export function LineKey({ place }: { place: number }) {
  return <LinePiece {...seriesLook(place, "currentColor")} />;
}

/** A short piece of a line. */
export function LinePiece({ colour, dash }: SeriesLook) {
  return (
    <svg class="line-key" width="20" height="8" aria-hidden="true">
      <line x1="0" y1="4" x2="20" y2="4" stroke={colour} stroke-width="2" stroke-dasharray={dash.join(" ")} />
    </svg>
  );
}
