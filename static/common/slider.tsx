import { useId, useState } from "preact/hooks";
import { formatNumber } from "./format";

export interface SliderProps {
  label: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** What the history says: its median and its range, marked on the track. */
  history?: { median: number; low: number; high: number };
  onChange(value: number): void;
}

/**
 * A number set by dragging or by typing. While somebody types, the text is theirs; what is outside the limits is
 * said, and taken only when it is inside.
 */
export function Slider(props: SliderProps) {
  const { label, unit, value, min, max, step, history, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const [id, limitsId] = [useId(), useId()];
  const wrong = typed !== null && numberWithin(typed, min, max) === undefined;
  function type(text: string): void {
    setTyped(text);
    const number = numberWithin(text, min, max);
    if (number !== undefined) onChange(number);
  }
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <span class="slider-number">
        <input
          id={id}
          type="text"
          inputMode="decimal"
          value={typed ?? String(value)}
          aria-invalid={wrong}
          aria-describedby={limitsId}
          onInput={(event) => type(event.currentTarget.value)}
          onBlur={() => setTyped(null)}
        />
        <span class="unit">{unit}</span>
      </span>
      <div class="slider-track">
        {history !== undefined && <HistoryMarks {...history} min={min} max={max} />}
        <input
          type="range"
          aria-label={label}
          aria-describedby={limitsId}
          value={value}
          min={min}
          max={max}
          step={step}
          onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
        />
      </div>
      <small id={limitsId} class={wrong ? "slider-note wrong" : "slider-note"}>
        {wrong ? `Expected ${min} to ${max}` : noteOf(history, min, max)}
      </small>
    </div>
  );
}

function HistoryMarks(props: { median: number; low: number; high: number; min: number; max: number }) {
  const share = (value: number) => Math.min(1, Math.max(0, (value - props.min) / (props.max - props.min)));
  const percent = (part: number) => `${(part * 100).toFixed(2)}%`;
  const width = share(props.high) - share(props.low);
  return (
    <span class="slider-marks" aria-hidden="true">
      <span class="slider-range" style={{ left: percent(share(props.low)), width: percent(width) }} />
      <span class="slider-median" style={{ left: percent(share(props.median)) }} />
    </span>
  );
}

function noteOf(history: SliderProps["history"], min: number, max: number): string {
  if (history === undefined) return `${shown(min)} to ${shown(max)}`;
  return `History: median ${shown(history.median)}, ${shown(history.low)} to ${shown(history.high)}`;
}

function shown(value: number): string {
  return formatNumber(value, Number.isInteger(value) ? 0 : 2);
}

function numberWithin(text: string, min: number, max: number): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return value >= min && value <= max ? value : undefined;
}
