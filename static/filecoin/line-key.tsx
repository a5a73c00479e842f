import { seriesLook } from "../../src/platform/charts/seriesLook";

/** A short piece of the line of a pin, as it is drawn in the charts. */
export function LineKey(props: { look: number }) {
  const { colour, dash } = seriesLook(props.look, "currentColor");
  return (
    <svg class="line-key" width="20" height="8" aria-hidden="true">
      <line x1="0" y1="4" x2="20" y2="4" stroke={colour} stroke-width="2" stroke-dasharray={dash.join(" ")} />
    </svg>
  );
}
