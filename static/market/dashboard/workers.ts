import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ListedWorker } from "../../../src/systems/market/schema/workers";
import type { Resource } from "../../common/load";

/** The workers as they were last heard of, for every tab. */
export const Workers = createContext<Resource<readonly ListedWorker[]>>({
  value: undefined,
  fault: undefined,
  reload: () => undefined,
});

export function useWorkers(): Resource<readonly ListedWorker[]> {
  return useContext(Workers);
}
