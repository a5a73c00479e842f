import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A word that opens a small list of choices below it. Esc, or a click anywhere else, closes it. */
export function Menu(props: { label: string; children: ComponentChildren }) {
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    function closeBeside(event: PointerEvent): void {
      const menu = element.current!;
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
    document.addEventListener("pointerdown", closeBeside);
    return () => document.removeEventListener("pointerdown", closeBeside);
  }, []);
  function closeOnEscape(event: KeyboardEvent): void {
    const menu = element.current!;
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")!.focus();
  }
  return (
    <details class="menu" ref={element} onKeyDown={closeOnEscape}>
      <summary>{props.label}</summary>
      <div class="menu-body">{props.children}</div>
    </details>
  );
}
