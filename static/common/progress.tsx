import { formatDuration, formatNumber } from "./format";

export interface ProgressProps {
  label: string;
  /** What is counted, such as `runs`. */
  unit: string;
  done: number;
  total: number;
  elapsedS: number;
}

/** How far something is, how fast it goes, and how long it will still take at that rate. */
export function Progress({ label, unit, done, total, elapsedS }: ProgressProps) {
  return (
    <div class="progress">
      <div class="progress-words">
        <span>{label}</span>
        <span class="quiet-text">{progressWords({ unit, done, total, elapsedS })}</span>
      </div>
      <progress value={done} max={total} aria-label={label} />
    </div>
  );
}

/** `1 200 of 10 000 runs, 610 per s, 14 s left`. The rate is the mean since the start. */
export function progressWords({ unit, done, total, elapsedS }: Omit<ProgressProps, "label">): string {
  const counted = `${formatNumber(done, 0)} of ${formatNumber(total, 0)} ${unit}`;
  if (done >= total) return `${counted} in ${formatDuration(elapsedS)}`;
  if (done === 0 || elapsedS === 0) return counted;
  const perS = done / elapsedS;
  const rate = perS >= 1 ? `${formatNumber(perS, perS < 10 ? 1 : 0)} per s` : `${formatNumber(perS * 60, 1)} per min`;
  return `${counted}, ${rate}, ${formatDuration((total - done) / perS)} left`;
}
