import { useId, useState } from "preact/hooks";
import { fieldKind, initialValue, type JsonSchema, presentSchema, readTyped, writeTyped } from "./form-schema";

type Values = Record<string, unknown>;

export interface FormProps {
  schema: JsonSchema;
  /** What stands in the form at first; without it, the defaults of the schema. */
  value?: Values;
  submitLabel: string;
  /** Faults that the server found, by the path of the member joined with dots. */
  faults?: Record<string, string>;
  /** Called with a value that holds to the schema. */
  onSubmit(value: Values): void;
}

/** A form drawn from a JSON Schema: fields with unit, help and limits, checked before anything is sent. */
export function Form({ schema, value, submitLabel, faults = {}, onSubmit }: FormProps) {
  const [values, setValues] = useState<Values>(value ?? initialValue(schema));
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(false);
  const missing = missingMembers(schema, values, "");
  const shownFaults = { ...faults, ...(tried ? missing : {}), ...wrong };
  function submit(event: Event): void {
    event.preventDefault();
    setTried(true);
    if (Object.keys(wrong).length === 0 && Object.keys(missing).length === 0) onSubmit(values);
  }
  function setFault(path: string, fault: string | undefined): void {
    const { [path]: _, ...others } = wrong;
    setWrong(fault === undefined ? others : { ...others, [path]: fault });
  }
  return (
    <form class="form" onSubmit={submit} noValidate>
      <Group schema={schema} path="" values={values} faults={shownFaults} onChange={setValues} onFault={setFault} />
      <button type="submit" class="primary">
        {submitLabel}
      </button>
    </form>
  );
}

interface GroupProps {
  schema: JsonSchema;
  path: string;
  values: Values;
  faults: Record<string, string>;
  onChange(values: Values): void;
  onFault(path: string, fault: string | undefined): void;
}

function Group({ schema, path, values, faults, onChange, onFault }: GroupProps) {
  return (
    <>
      {Object.entries(schema.properties ?? {}).map(([name, member]) => {
        const drawn = presentSchema(member);
        const memberPath = path === "" ? name : `${path}.${name}`;
        const set = (value: unknown) => onChange({ ...values, [name]: value });
        if (fieldKind(drawn) === "group") {
          return (
            <fieldset key={name}>
              <legend>{drawn.title ?? name}</legend>
              <Group
                {...{ schema: drawn, path: memberPath, faults, onFault }}
                values={(values[name] as Values | undefined) ?? {}}
                onChange={set}
              />
            </fieldset>
          );
        }
        return (
          <Field
            key={name}
            {...{ name, schema: drawn, value: values[name], fault: faults[memberPath] }}
            required={schema.required?.includes(name) ?? false}
            onChange={set}
            onFault={(fault) => onFault(memberPath, fault)}
          />
        );
      })}
    </>
  );
}

interface FieldProps {
  name: string;
  schema: JsonSchema;
  value: unknown;
  fault: string | undefined;
  required: boolean;
  onChange(value: unknown): void;
  onFault(fault: string | undefined): void;
}

function Field(props: FieldProps) {
  const { name, schema, fault, required } = props;
  const [id, noteId] = [useId(), useId()];
  const [typed, setTyped] = useState(writeTyped(props.value));
  function type(text: string): void {
    setTyped(text);
    const reading = readTyped(schema, text, required);
    props.onFault("fault" in reading ? reading.fault : undefined);
    if ("value" in reading) props.onChange(reading.value);
  }
  const shared = { id, name, required, "aria-invalid": fault !== undefined, "aria-describedby": noteId };
  const note = fault ?? schema.description;
  return (
    <div class="field">
      <label for={id}>
        {schema.title ?? name}
        {required && <span class="quiet-text"> required</span>}
      </label>
      <span class="field-control">
        <Control {...props} shared={shared} typed={typed} onType={type} />
        {schema["x-unit"] !== undefined && <span class="unit">{schema["x-unit"]}</span>}
      </span>
      <small id={noteId} class={fault === undefined ? "field-note" : "field-note wrong"}>
        {note}
      </small>
    </div>
  );
}

interface ControlProps extends FieldProps {
  shared: Record<string, unknown>;
  typed: string;
  onType(text: string): void;
}

function Control({ shared, schema, typed, onType, value, onChange }: ControlProps) {
  const kind = fieldKind(schema);
  const onInput = (event: Event & { currentTarget: { value: string } }) => onType(event.currentTarget.value);
  if (kind === "toggle") {
    const checked = value === true;
    return (
      <input
        {...shared}
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (kind === "choice") {
    return (
      <select {...shared} value={typed} onChange={onInput}>
        {shared["required"] !== true && <option value="">–</option>}
        {schema.enum!.map((choice) => (
          <option key={choice} value={String(choice)}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  if (kind === "json") return <textarea {...shared} rows={5} class="mono" value={typed} onInput={onInput} />;
  if (kind === "long-text" || kind === "list") return <textarea {...shared} rows={3} value={typed} onInput={onInput} />;
  if (kind === "date") return <input {...shared} type="date" value={typed} onInput={onInput} />;
  const inputMode = kind === "number" ? "decimal" : "text";
  return <input {...shared} type="text" inputMode={inputMode} value={typed} onInput={onInput} />;
}

/** Required members that are absent, by path. */
function missingMembers(schema: JsonSchema, values: Values, path: string): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const drawn = presentSchema(member);
    const memberPath = path === "" ? name : `${path}.${name}`;
    if (fieldKind(drawn) === "group") {
      Object.assign(missing, missingMembers(drawn, (values[name] as Values | undefined) ?? {}, memberPath));
    } else if (schema.required?.includes(name) && values[name] === undefined) {
      missing[memberPath] = "Expected a value";
    }
  }
  return missing;
}
