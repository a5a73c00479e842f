import { useMemo } from "preact/hooks";
import type { ModelFaultAnswer } from "../../src/systems/epistemix/schema/page";
import { type Piece, piecesOf } from "./highlight";

interface EditorProps {
  text: string;
  /** Those of this file. */
  faults: readonly ModelFaultAnswer[];
  /** The id of what tells the faults in words. */
  faultsId: string;
  element: { current: HTMLTextAreaElement | null };
  onText(text: string): void;
}

/** Longer programs are shown without colours, which would be slow at each letter. */
const MAX_COLOURED_CHARACTERS = 100_000;

/**
 * A program in a plain text field, with its colours and the marks of its faults drawn below the letters. The field is
 * as large as its text, so that one scroller moves both.
 */
export function Editor({ text, faults, faultsId, element, onText }: EditorProps) {
  const lines = text.split("\n");
  const longest = lines.reduce((most, line) => Math.max(most, line.length), 0);
  return (
    <div class="editor">
      <pre class="editor-numbers" aria-hidden="true">
        {lines.map((_, line) => line + 1).join("\n")}
      </pre>
      <div class="editor-page">
        <Paint text={text} faults={faults} />
        <textarea
          ref={element}
          aria-label="Model"
          aria-invalid={faults.length > 0}
          aria-describedby={faultsId}
          autocapitalize="off"
          autocomplete="off"
          spellcheck={false}
          wrap="off"
          rows={lines.length}
          cols={longest + 2}
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      </div>
    </div>
  );
}

function Paint({ text, faults }: { text: string; faults: readonly ModelFaultAnswer[] }) {
  const pieces = useMemo(() => coloured(text), [text]);
  const marked = new Set(faults.map((fault) => pieceAt(pieces, offsetOf(text, fault))));
  return (
    <pre class="editor-paint" aria-hidden="true">
      {pieces.map((piece, place) =>
        piece.look === "plain" && !marked.has(place) ? (
          piece.text
        ) : (
          <span key={place} class={`${piece.look}${marked.has(place) ? " faulty" : ""}`}>
            {piece.text}
          </span>
        ),
      )}
      {"\n"}
    </pre>
  );
}

function coloured(text: string): Piece[] {
  return text.length > MAX_COLOURED_CHARACTERS ? [{ start: 0, text, look: "plain" }] : piecesOf(text);
}

/** Where a fault is, in characters from the beginning of the text. */
export function offsetOf(text: string, { line, column }: Pick<ModelFaultAnswer, "line" | "column">): number {
  let start = 0;
  for (let before = 1; before < line; before++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(text.length, start + column - 1);
}

/** The piece at that place; at a blank or an end, the one before. */
function pieceAt(pieces: readonly Piece[], offset: number): number {
  const place = pieces.findLastIndex(({ start }) => start <= offset);
  return place > 0 && pieces[place]!.text.trim() === "" ? place - 1 : place;
}
