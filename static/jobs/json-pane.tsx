import { useMemo } from "preact/hooks";
import { copyText, downloadText } from "../common/download";
import { formatNumber } from "../common/format";
import { CodePane } from "./code-pane";

/** More than this slows the page down; the file has all. */
const MAX_SHOWN_CHARS = 100_000;

/** A value as JSON, to be read, copied and saved. */
export function JsonPane({ name, label, value }: { name: string; label: string; value: unknown }) {
  const text = useMemo(() => JSON.stringify(value, null, 2), [value]);
  const isCut = text.length > MAX_SHOWN_CHARS;
  return (
    <>
      <div class="row">
        {isCut && (
          <span class="quiet-text">
            first {formatNumber(MAX_SHOWN_CHARS, 0)} of {formatNumber(text.length, 0)} characters
          </span>
        )}
        <button type="button" class="quiet" onClick={() => downloadText(`${name}.json`, "application/json", text)}>
          Save
        </button>
        <button type="button" class="quiet" onClick={() => void copyText(text, label)}>
          Copy
        </button>
      </div>
      <CodePane label={label} text={isCut ? text.slice(0, MAX_SHOWN_CHARS) : text} />
    </>
  );
}
