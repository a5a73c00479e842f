import { createStore, useStore } from "./store";

interface Toast {
  id: number;
  text: string;
}

const SHOWN_MS = 4000;
const toasts = createStore<readonly Toast[]>([]);
let nextId = 1;

/** Shows a short message for four seconds; a screen reader speaks it. */
export function toast(text: string): void {
  const id = nextId++;
  toasts.set([...toasts.get(), { id, text }]);
  setTimeout(() => toasts.set(toasts.get().filter((shown) => shown.id !== id)), SHOWN_MS);
}

/** Where the messages appear; the shell holds it once. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {useStore(toasts).map(({ id, text }) => (
        <div class="toast" key={id}>
          {text}
        </div>
      ))}
    </div>
  );
}
