import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** A control under its label. The label stands beside the control, so that its name does not hold the choices. */
export function Field(props: { label: string; note?: string; children: (id: string) => ComponentChildren }) {
  const id = useId();
  return (
    <div class="choice">
      <span>
        <label for={id}>{props.label}</label>
        {props.note !== undefined && <span class="quiet-text"> {props.note}</span>}
      </span>
      {props.children(id)}
    </div>
  );
}

/** A list of choices under its label. */
export function Choice(props: {
  label: string;
  note?: string;
  value: string;
  choices: readonly (readonly [value: string, title: string])[];
  onChange(value: string): void;
}) {
  const { value, choices, onChange, ...named } = props;
  return (
    <Field {...named}>
      {(id) => (
        <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {choices.map(([one, title]) => (
            <option key={one} value={one}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
