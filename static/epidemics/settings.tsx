import { useEffect, useId, useState } from "preact/hooks";
import type { LocationAnswer } from "../../src/systems/epistemix/schema/page";
import { getJson } from "../common/api";
import { formatNumber } from "../common/format";
import { useStore } from "../common/store";
import * as place from "./place";
import { at } from "./session";

/** What the model is run with: where, when, how often. */
export function Settings() {
  return (
    <div class="settings">
      <LocationField />
      <DateField label="First day" store={place.startDate} />
      <DateField label="Last day" store={place.endDate} />
      <RunsField />
      <TextField label="First seed" store={place.firstSeed} />
      <TextField label="Parameters" store={place.parameters} placeholder="name=value" wide />
    </div>
  );
}

interface TextFieldProps {
  label: string;
  store: typeof place.startDate;
  placeholder?: string;
  wide?: true;
}

function TextField({ label, store, placeholder = "", wide }: TextFieldProps) {
  return (
    <label class={wide ? "wide-field" : ""}>
      {label}
      <input
        type="text"
        value={useStore(store)}
        placeholder={placeholder}
        onInput={(event) => store.set(event.currentTarget.value)}
      />
    </label>
  );
}

function DateField({ label, store }: TextFieldProps) {
  return (
    <label>
      {label}
      <input type="date" value={useStore(store)} onInput={(event) => store.set(event.currentTarget.value)} />
    </label>
  );
}

function RunsField() {
  return (
    <label>
      Runs
      <input
        type="number"
        min={1}
        max={place.MAX_RUNS}
        value={useStore(place.runCount)}
        onInput={({ currentTarget: { valueAsNumber } }) => {
          if (valueAsNumber >= 1 && valueAsNumber <= place.MAX_RUNS) place.runCount.set(Math.floor(valueAsNumber));
        }}
      />
    </label>
  );
}

const ASK_AFTER_MS = 150;

/** Counties and states, found by letters of their names; several are parted by blanks. */
function LocationField() {
  const typed = useStore(place.locations);
  const found = useFound(typed.split(/[\s,;]+/).at(-1) ?? "");
  const id = useId();
  const chosen = found.find(({ name }) => name === typed);
  return (
    <label class="wide-field">
      Location
      <input type="text" list={id} value={typed} onInput={(event) => place.locations.set(event.currentTarget.value)} />
      <datalist id={id}>
        {found.map(({ name, people }) => (
          <option key={name} value={name}>
            {formatNumber(people, 0)} people
          </option>
        ))}
      </datalist>
      <small>{chosen === undefined ? "County or state" : `${formatNumber(chosen.people, 0)} people`}</small>
    </label>
  );
}

function useFound(letters: string): readonly LocationAnswer[] {
  const [found, setFound] = useState<readonly LocationAnswer[]>([]);
  useEffect(() => {
    const calledOff = new AbortController();
    const timer = setTimeout(() => {
      getJson<{ locations: LocationAnswer[] }>(
        at(`/locations?q=${encodeURIComponent(letters.slice(0, 100))}`),
        calledOff.signal,
      )
        .then(({ locations }) => setFound(locations))
        // The field works without proposals.
        .catch(() => undefined);
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      calledOff.abort();
    };
  }, [letters]);
  return found;
}
