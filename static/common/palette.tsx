import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { getJson, type Hit } from "./api";
import { matchingEntries, type PaletteEntry } from "./palette-entries";
import { status } from "./status";
import { useStore } from "./store";

export interface PaletteProps {
  commands: readonly PaletteEntry[];
  /** What has been typed before this script came. */
  typed: { current: string };
  onClose(): void;
}

const ASK_AFTER_MS = 120;

/**
 * The inside of the dialog that goes to any page, run, worker, job or document by a few letters of it, and runs the
 * commands of the page.
 */
export default function Palette(props: PaletteProps) {
  const [query, setQuery] = useState(props.typed.current);
  const [place, setPlace] = useState(0);
  const { found, failed } = useFound(query);
  const entries = matchingEntries(query, useStore(status), props.commands, found);
  const at = Math.min(place, entries.length - 1);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // The dialog around it is open before this script has come, and somebody may be typing: not a key goes astray.
  useLayoutEffect(() => input.current!.focus(), []);
  function choose(entry: PaletteEntry | undefined): void {
    if (entry === undefined) return;
    props.onClose();
    entry.run?.();
    if (entry.href !== undefined) location.assign(entry.href);
  }
  function key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setPlace((at + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === "Enter") choose(entries[at]);
  }
  return (
    <>
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Page, run, worker, job or document"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={entries.length > 0 ? `${id}-${at}` : ""}
        placeholder="Page, run, worker, job or document"
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setPlace(0);
        }}
        onKeyDown={key}
      />
      <div class="palette-list" id={`${id}-list`} role="listbox" aria-label="Found">
        {entries.map((entry, place) => (
          <Option
            key={`${entry.kind} ${entry.title} ${entry.href}`}
            id={`${id}-${place}`}
            entry={entry}
            isChosen={place === at}
            choose={() => choose(entry)}
          />
        ))}
      </div>
      {entries.length === 0 && <p class="quiet-text">Nothing of that name.</p>}
      {failed && <p class="quiet-text">What the systems know could not be searched: the server did not answer.</p>}
    </>
  );
}

interface OptionProps {
  id: string;
  entry: PaletteEntry;
  isChosen: boolean;
  choose(): void;
}

function Option({ id, entry, isChosen, choose }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox above
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox
    <div id={id} role="option" aria-selected={isChosen} onClick={choose}>
      <span class="palette-kind">{entry.kind}</span>
      <span>{entry.title}</span>
      <span class="quiet-text">{entry.hint}</span>
    </div>
  );
}

/** What the server finds for the query, asked once somebody has stopped typing. */
function useFound(query: string): { found: readonly Hit[]; failed: boolean } {
  const [answer, setAnswer] = useState<{ found: readonly Hit[]; failed: boolean }>({
    found: [],
    failed: false,
  });
  useEffect(() => {
    if (query.trim() === "") {
      setAnswer({ found: [], failed: false });
      return;
    }
    const calledOff = new AbortController();
    const timer = setTimeout(() => {
      getJson<Hit[]>(`/api/system/find?q=${encodeURIComponent(query)}`, calledOff.signal)
        .then((found) => setAnswer({ found, failed: false }))
        .catch(() => {
          if (!calledOff.signal.aborted) setAnswer({ found: [], failed: true });
        });
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      calledOff.abort();
    };
  }, [query]);
  return answer;
}
