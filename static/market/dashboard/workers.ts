import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Loaded } from "../../common/load";
import type { Worker } from "../contract";

/** The workers as they were last heard of, for every tab. */
export const Workers = createContext<Loaded<readonly Worker[]>>({
  value: undefined,
  fault: undefined,
  reload: () => undefined,
});

export function useWorkers(): Loaded<readonly Worker[]> {
  return useContext(Workers);
}
