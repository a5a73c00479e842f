import { useEffect } from "preact/hooks";
import { Dialog } from "./dialog";
import { createStore, useStore } from "./store";

/** One key of the page, with what it does in words for the list that `?` shows. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` names it. */
  key: string;
  meaning: string;
  run(): void;
}

const bindings = createStore<readonly KeyBinding[]>([]);

/** Keys that parts handle themselves while they have the focus; listed, so that they can be found. */
const KEYS_OF_PARTS = [
  { key: "Tab", meaning: "To the next control" },
  { key: "Esc", meaning: "Close what is open" },
  { key: "Left Right", meaning: "In a chart: move the reading by a day, with Shift by a month" },
  { key: "+ − 0", meaning: "In a chart: zoom in, zoom out, reset" },
  { key: "Alt click", meaning: "On a series of a chart: show it alone" },
  { key: "Ctrl wheel", meaning: "On a chart: zoom" },
];

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

/** The list of keys that `?` opens. */
export function KeysDialog(props: { onClose: () => void }) {
  const all = [...useStore(bindings), ...KEYS_OF_PARTS];
  return (
    <Dialog title="Keys" onClose={props.onClose}>
      <dl class="keys">
        {all.map(({ key, meaning }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]")
  );
}
