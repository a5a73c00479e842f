import { useStore } from "../common/store";
import { livelyStates, stateIn } from "./curve-data";
import { chosenCondition, chosenState } from "./place";
import { useShown } from "./shown";

/** Which condition is drawn, and which of its states by single runs. */
export function CurveChoices() {
  const { own, condition } = useShown();
  const chosen = useStore(chosenState);
  const conditions = own?.curves.conditions ?? [];
  const shown = conditions.find(({ name }) => name === condition);
  if (shown === undefined) return null;
  return (
    <>
      {conditions.length > 1 && (
        <label>
          Condition
          <select value={condition} onChange={(event) => chosenCondition.set(event.currentTarget.value)}>
            {conditions.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <label>
        State
        <select value={stateIn(shown, chosen)?.name} onChange={(event) => chosenState.set(event.currentTarget.value)}>
          {livelyStates(shown).map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </>
  );
}
