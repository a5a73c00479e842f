import type { ResultName } from "./results";
import { RESULTS } from "./results";

/** Which series a study is looked at for. */
export function ResultChoice({ name, onChange }: { name: ResultName; onChange(name: ResultName): void }) {
  return (
    <label class="choice">
      Result
      <select value={name} onChange={(event) => onChange(event.currentTarget.value as ResultName)}>
        {RESULTS.map(({ series, title, unit }) => (
          <option key={series} value={series}>
            {title}, {unit}
          </option>
        ))}
      </select>
    </label>
  );
}

/** On which of the compared years. */
export function YearChoice(props: { years: number; choices: readonly number[]; onChange(years: number): void }) {
  return (
    <label class="choice">
      After
      <select value={props.years} onChange={(event) => props.onChange(Number(event.currentTarget.value))}>
        {props.choices.map((years) => (
          <option key={years} value={years}>
            {years === 1 ? "1 year" : `${years} years`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** In place of a study of a day that has no such result. */
export function NoResult({ label }: { label: string }) {
  return <p class="quiet-text">{label}: there is none, since a return needs a year of forecast after its day.</p>;
}
