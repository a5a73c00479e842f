import type { LibraryModel } from "../../src/systems/forecasting/library/schema";
import type { ReadingAnswer } from "../../src/systems/forecasting/page/schema";
import { type Store, useStore } from "../common/store";
import { Choice, Field } from "./field";
import { useLibrary } from "./library";
import { besideIds, contextChoice, horizonChoice, modelId, startsFrom } from "./place";

/** What forecasts, how far, and from which points. */
export function ModelPanel({ reading }: { reading: ReadingAnswer | undefined }) {
  const models = useLibrary().value?.models ?? [];
  const [model, beside] = [useStore(modelId()), useStore(besideIds())];
  const others = models.filter(({ id }) => id !== model);
  const toggle = (id: string, on: boolean) =>
    besideIds().set(on ? [...beside, id] : beside.filter((one) => one !== id));
  return (
    <fieldset class="choices">
      <legend>Model</legend>
      <Choice
        label="Forecast by"
        value={model}
        choices={[
          ...(models.some(({ id }) => id === model) ? [] : [[model, model] as const]),
          ...models.map((one) => [one.id, titleOf(one)] as const),
        ]}
        onChange={modelId().set}
      />
      <Whole label="Steps ahead" store={horizonChoice()} placeholder={String(reading?.series.horizon ?? "")} />
      <Whole label="Points looked at" store={contextChoice()} placeholder="all" />
      <label class="tick">
        <input
          type="checkbox"
          checked={useStore(startsFrom()) === "before"}
          onChange={(event) => startsFrom().set(event.currentTarget.checked ? "before" : "end")}
        />
        Hold back the end, and compare
      </label>
      <fieldset class="checks-list">
        <legend>Compare with</legend>
        {others.map((one) => (
          <label key={one.id} class="tick">
            <input
              type="checkbox"
              checked={beside.includes(one.id)}
              onChange={(event) => toggle(one.id, event.currentTarget.checked)}
            />
            {titleOf(one)}
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
    <Field label={label}>
      {(id) => (
        <input
          id={id}
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
      )}
    </Field>
  );
}

function titleOf({ id, title, state }: LibraryModel): string {
  return state === "built in" ? title : id;
}
