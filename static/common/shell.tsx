import { type ComponentChildren, render } from "preact";
import { useRef, useState } from "preact/hooks";
import { Boundary } from "./boundary";
import { Dialog } from "./dialog";
import { listenForKeys, useKeys } from "./keys";
import { lazy } from "./lazy";
import type { PaletteProps } from "./palette";
import { type PaletteEntry, pageEntries } from "./palette-entries";
import { status } from "./status";
import { StaleBanner, StatusBar } from "./status-bar";
import { useStore } from "./store";
import { nextTheme } from "./theme";
import { ThemeButton } from "./theme-button";
import { Toasts } from "./toast";

export interface Page {
  title: string;
  /** What the palette offers on this page besides going elsewhere. */
  commands?: readonly PaletteEntry[];
  Body: () => ComponentChildren;
}

const KeysDialog = lazy(() => import("./keys-dialog"));
const Palette = lazy<PaletteProps>(
  () => import("./palette"),
  ({ typed }) => (
    <input
      type="text"
      aria-label="Page, run, worker, job or document"
      autofocus
      onInput={(event) => {
        typed.current = event.currentTarget.value;
      }}
    />
  ),
);

/** How many places the bottom bar has; with more pages the last one opens the palette. */
const BOTTOM_PLACES = 5;

/** Puts the page into the shell and draws it. */
export function showPage(page: Page): void {
  listenForKeys();
  render(<Shell {...page} />, document.getElementById("app")!);
}

/** What all pages have in common: the rail, the head, the status bar, the palette and the list of keys. */
function Shell({ title, commands = [], Body }: Page) {
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  useKeys([
    { key: "/", meaning: "Go to a page, run, worker, job or document", run: () => setOpen("palette") },
    { key: "?", meaning: "Show the keys", run: () => setOpen("keys") },
  ]);
  const typed = useRef("");
  const close = () => {
    typed.current = "";
    setOpen(null);
  };
  const allCommands = [
    ...commands,
    { kind: "command", title: "Change the colours", hint: "system, light, dark", run: nextTheme } as const,
  ];
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it goes to an anchor, but the address stays as it is */}
      <a class="skip" href="#main" onClick={toContent}>
        To the content
      </a>
      <Rail onMore={() => setOpen("palette")} />
      <header class="head">
        <h1>{title}</h1>
        <div class="row">
          <button type="button" class="quiet" onClick={() => setOpen("palette")}>
            Go to <kbd>/</kbd>
          </button>
          <button type="button" class="quiet" onClick={() => setOpen("keys")}>
            Keys <kbd>?</kbd>
          </button>
          <ThemeButton />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <StaleBanner />
        <Boundary where={`The page ${title}`}>
          <Body />
        </Boundary>
      </main>
      <StatusBar />
      {open === "palette" && (
        <Dialog title="Go to" class="palette" onClose={close}>
          <Palette commands={allCommands} typed={typed} onClose={close} />
        </Dialog>
      )}
      {open === "keys" && <KeysDialog onClose={close} />}
      <Toasts />
    </>
  );
}

/** The address stays as it is: a part of the page's state may stand behind its `#`. */
function toContent(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")!.focus();
}

/** The pages of what is switched on: a rail at the left, on a narrow screen a bar at the bottom. */
function Rail({ onMore }: { onMore: () => void }) {
  const pages = pageEntries(useStore(status));
  const here = pages.findIndex(({ href }) => href === location.pathname);
  const crowded = pages.length > BOTTOM_PLACES;
  // The page one is on always has a place, if need be the last one before "More".
  const lastPlace = BOTTOM_PLACES - 2;
  const inBar = (place: number) => !crowded || place < lastPlace || place === Math.max(here, lastPlace);
  return (
    <nav class="rail" aria-label="Pages">
      <span class="brand">Foresight</span>
      {pages.map(({ title, href }, place) => (
        <a
          key={href}
          href={href}
          aria-current={place === here ? "page" : undefined}
          class={inBar(place) ? "" : "not-in-bar"}
        >
          {title}
        </a>
      ))}
      {crowded && (
        <button type="button" class="quiet only-in-bar" onClick={onMore}>
          More
        </button>
      )}
    </nav>
  );
}
