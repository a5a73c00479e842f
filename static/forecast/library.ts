import { useEffect, useRef } from "preact/hooks";
import type { LibraryAnswer } from "../../src/systems/forecasting/library/schema";
import { type Resource, useLoaded } from "../common/load";
import { createStore, useStore } from "../common/store";

export const LIBRARY = "/api/v1/models";

const changes = createStore(0);

/** Every part of the page that shows models asks for them again. */
export function noteLibraryChange(): void {
  changes.set(changes.get() + 1);
}

/** The models that can be asked for, and those on their way. */
export function useLibrary(): Resource<LibraryAnswer> {
  const library = useLoaded<LibraryAnswer>(LIBRARY);
  const count = useStore(changes);
  const seen = useRef(count);
  useEffect(() => {
    if (count !== seen.current) library.reload();
    seen.current = count;
  }, [count]);
  return library;
}
