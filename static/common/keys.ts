import { useEffect } from "preact/hooks";
import { createStore } from "./store";

/** One key of the page, with what it does in words for the list that `?` shows. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` names it. */
  key: string;
  meaning: string;
  run(): void;
}

/** The keys that work now. */
export const bindings = createStore<readonly KeyBinding[]>([]);

/** These keys work while the component is there and nobody is typing. */
export function useKeys(keys: readonly KeyBinding[]): void {
  useEffect(() => {
    bindings.set([...bindings.get(), ...keys]);
    return () => bindings.set(bindings.get().filter((binding) => !keys.includes(binding)));
  }, []);
}

/** Listens for the keys of the page; called once, by the shell. */
export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (modified || isTyping(event.target) || document.querySelector("dialog[open]") !== null) return;
    const binding = bindings.get().find(({ key }) => key === event.key);
    if (binding === undefined) return;
    event.preventDefault();
    binding.run();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]")
  );
}
