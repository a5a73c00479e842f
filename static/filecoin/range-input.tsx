import { useId, useState } from "preact/hooks";
import { type Range, rangeStore, VARIED, type VariedName } from "./ranges";

/** From and to of an input that a study varies. */
export function RangeInput({ name, range }: { name: VariedName; range: Range }) {
  const { label, unit, min, max, step } = VARIED[name];
  const [typed, setTyped] = useState<Partial<Record<keyof Range, string>>>({});
  const noteId = useId();
  const wanted = { low: numberOf(typed.low, range.low), high: numberOf(typed.high, range.high) };
  const isGood = wanted.low >= min && wanted.high <= max && wanted.low < wanted.high;
  function type(end: keyof Range, text: string): void {
    const next = { ...typed, [end]: text };
    setTyped(next);
    const [low, high] = [numberOf(next.low, range.low), numberOf(next.high, range.high)];
    if (low >= min && high <= max && low < high) rangeStore(name).set({ low, high });
  }
  const field = (end: keyof Range, words: string) => (
    <input
      type="number"
      aria-label={`${label}, ${words}`}
      aria-invalid={!isGood}
      aria-describedby={noteId}
      {...{ min, max, step }}
      value={typed[end] ?? range[end]}
      onInput={(event) => type(end, event.currentTarget.value)}
      onBlur={() => isGood && setTyped({})}
    />
  );
  return (
    <div class="range-input">
      <span>
        {label}
        <span class="unit">{unit}</span>
      </span>
      {field("low", "from")}
      <span aria-hidden="true">to</span>
      {field("high", "to")}
      <small id={noteId} class={isGood ? "spoken" : "wrong"}>
        Expected {min} to {max}, from below to
      </small>
    </div>
  );
}

function numberOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  return text.trim() === "" ? Number.NaN : Number(text);
}
