import type { DoctorCheck } from "./api";
import { Badge, type Tone } from "./badge";

const TONES: Record<DoctorCheck["outcome"], Tone> = {
  works: "good",
  limited: "stale",
  missing: "plain",
  fails: "fault",
};

/** What works on this machine, one line for each check, with what to do where something does not. */
export function DoctorReport({ checks }: { checks: readonly DoctorCheck[] }) {
  return (
    <ul class="checks">
      {checks.map(({ name, outcome, found, advice }) => (
        <li key={name}>
          <span class="check-name">{name}</span>
          <Badge tone={TONES[outcome]}>{outcome}</Badge>
          <span class="check-found">
            {found}
            {advice !== null && <span class="quiet-text"> {advice}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
