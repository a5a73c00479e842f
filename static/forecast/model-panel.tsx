import type { LibraryAnswer } from "../../src/systems/forecasting/library/schema";
import type { ReadingAnswer } from "../../src/systems/forecasting/page/schema";
import { useLoaded } from "../common/load";
import { type Store, useStore } from "../common/store";
import { besideIds, contextChoice, horizonChoice, modelId, startsFrom } from "./place";

/** What forecasts, how far, and from which points. */
export function ModelPanel({ reading }: { reading: ReadingAnswer | undefined }) {
  const models = useLoaded<LibraryAnswer>("/api/v1/models").value?.models ?? [];
  const [model, beside] = [useStore(modelId()), useStore(besideIds())];
  const others = models.filter(({ id }) => id !== model);
  const toggle = (id: string, on: boolean) =>
    besideIds().set(on ? [...beside, id] : beside.filter((one) => one !== id));
  return (
    <fieldset class="choices">
      <legend>Model</legend>
      <label>
        Forecast by
        <select value={model} onChange={(event) => modelId().set(event.currentTarget.value)}>
          {!models.some(({ id }) => id === model) && <option value={model}>{model}</option>}
          {models.map(({ id, title, state }) => (
            <option key={id} value={id}>
              {state === "built in" ? title : id}
            </option>
          ))}
        </select>
      </label>
      <Whole label="Steps ahead" store={horizonChoice()} placeholder={String(reading?.series.horizon ?? "")} />
      <Whole label="Points looked at" store={contextChoice()} placeholder="all" />
      <label class="check">
        <input
          type="checkbox"
          checked={useStore(startsFrom()) === "before"}
          onChange={(event) => startsFrom().set(event.currentTarget.checked ? "before" : "end")}
        />
        Hold back the end, to compare with what came
      </label>
      <fieldset class="checks-list">
        <legend>Compare with</legend>
        {others.map(({ id, title, state }) => (
          <label key={id} class="check">
            <input
              type="checkbox"
              checked={beside.includes(id)}
              onChange={(event) => toggle(id, event.currentTarget.checked)}
            />
            {state === "built in" ? title : id}
          </label>
        ))}
      </fieldset>
    </fieldset>
  );
}

/** A whole number; empty for what is usual. */
function Whole({ label, store, placeholder }: { label: string; store: Store<number>; placeholder: string }) {
  const value = useStore(store);
  return (
    <label>
      {label}
      <input
        type="number"
        min={1}
        step={1}
        placeholder={placeholder}
        value={value === 0 ? "" : value}
        onInput={(event) => {
          const next = event.currentTarget.value === "" ? 0 : Number(event.currentTarget.value);
          if (Number.isInteger(next) && next >= 0) store.set(next);
        }}
      />
    </label>
  );
}
