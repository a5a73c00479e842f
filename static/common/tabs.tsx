import type { FunctionComponent } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { choiceCodec, useUrlState } from "./url-state";

export interface Tab {
  name: string;
  title: string;
  Body: FunctionComponent;
}

/** Views that take turns; which one is shown stands in the address as `tab`. The arrow keys go from one to the next. */
export function Tabs(props: { label: string; tabs: readonly [Tab, ...Tab[]] }) {
  const { tabs } = props;
  const names = tabs.map(({ name }) => name);
  const [shown, show] = useUrlState("tab", choiceCodec(names, tabs[0].name));
  const id = useId();
  const current = tabs.find(({ name }) => name === shown) ?? tabs[0];
  const list = useRef<HTMLDivElement>(null);
  // On a narrow screen the tabs scroll; the one that is shown is never out of sight.
  useEffect(() => {
    const tab = document.getElementById(`${id}-${current.name}`)!;
    const { offsetLeft, clientWidth } = list.current!;
    list.current!.scrollLeft = tab.offsetLeft - offsetLeft - (clientWidth - tab.clientWidth) / 2;
  }, [current.name]);
  function step(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = names[(names.indexOf(current.name) + by + names.length) % names.length]!;
    show(next);
    document.getElementById(`${id}-${next}`)?.focus();
  }
  return (
    <>
      <div ref={list} class="tabs" role="tablist" aria-label={props.label} onKeyDown={step}>
        {tabs.map(({ name, title }) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={name === current.name}
            aria-controls={`${id}-panel`}
            tabIndex={name === current.name ? 0 : -1}
            onClick={() => show(name)}
          >
            {title}
          </button>
        ))}
      </div>
      <div class="tab-panel" id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${current.name}`}>
        <current.Body />
      </div>
    </>
  );
}
