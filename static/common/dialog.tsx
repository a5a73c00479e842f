import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

/**
 * A dialog over the page. It is there as long as it is drawn: `onClose` is called on Esc, on the button and on a click
 * beside it, and its parent then leaves it out. The browser keeps the focus inside and gives it back afterwards.
 */
export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren; class?: string }) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before anything else happens, so that what is typed next goes into the dialog.
  useLayoutEffect(() => {
    const dialog = element.current!;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  return (
    // A click on the backdrop is one on the dialog itself; for the keyboard there is Esc.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes, by onCancel
    <dialog
      ref={element}
      class={`dialog ${props.class ?? ""}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) props.onClose();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={titleId}>{props.title}</h2>
          <button type="button" class="quiet" onClick={props.onClose}>
            Close
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
