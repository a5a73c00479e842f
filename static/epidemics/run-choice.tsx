import { useStore } from "../common/store";
import { chosenRun } from "./place";
import { useShown } from "./shown";

/** The run whose files are looked at: the chosen one, else the first that has a result. */
export function useShownRun(): number {
  const { runs } = useShown().job;
  const chosen = useStore(chosenRun);
  return (runs.find(({ id }) => id === chosen) ?? runs.find(({ results }) => results !== null))?.id ?? 0;
}

export function RunChoice() {
  const { runs } = useShown().job;
  const ended = runs.filter(({ results }) => results !== null);
  return (
    <label>
      Run
      <select value={useShownRun()} onChange={(event) => chosenRun.set(Number(event.currentTarget.value))}>
        {ended.map(({ id, seed }) => (
          <option key={id} value={id}>
            {id}, seed {seed}
          </option>
        ))}
      </select>
    </label>
  );
}
