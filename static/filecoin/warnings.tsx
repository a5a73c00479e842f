import { SIGHTS } from "./charts";
import type { RunWarning } from "./simulate";

/** What the model had no number for in the four charts, and why. */
export default function Warnings({ warnings }: { warnings: readonly RunWarning[] }) {
  return (
    <>
      {warnings.map(({ series, count, first_date, reason }) => {
        const sight = SIGHTS.find(({ lines }) => lines.some(([name]) => name === series));
        return (
          <p key={series} class="stale-note">
            {sight?.title ?? series}: no number on {count} {count === 1 ? "day" : "days"}, first on {first_date}:{" "}
            {reason}.
          </p>
        );
      })}
    </>
  );
}
