import { Dialog } from "./dialog";
import { bindings } from "./keys";
import { useStore } from "./store";

/** Keys that parts handle themselves while they have the focus; listed, so that they can be found. */
const KEYS_OF_PARTS = [
  { key: "Tab", meaning: "To the next control" },
  { key: "Esc", meaning: "Close what is open" },
  { key: "Left Right", meaning: "In a chart: move the reading by a day, with Shift by a month" },
  { key: "+ − 0", meaning: "In a chart: zoom in, zoom out, reset" },
  { key: "Alt click", meaning: "On a series of a chart: show it alone" },
  { key: "Ctrl wheel", meaning: "On a chart: zoom" },
];

/** The list of keys that `?` opens. */
export default function KeysDialog(props: { onClose: () => void }) {
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
