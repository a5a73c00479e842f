/** A piece of a program, with how it looks. */
export interface Piece {
  start: number;
  text: string;
  look: "comment" | "word" | "text" | "number" | "plain";
}

const WORDS = new Set(
  (
    "simulation variables startup agent_startup group_startup condition state place network comment include " +
    "shared agent numeric string list table list_table global wait next default with prob if else for while until " +
    "and or not"
  ).split(" "),
);

/** In the order of {@link LOOKS}. */
const PATTERN =
  /(#[^\n]*)|("[^"\n]*"|'[^'\n]*')|([A-Za-z_]\w*)|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([^#"'\w]+|.)/gsy;
const LOOKS = ["comment", "text", "word", "number", "plain"] as const;

/** The pieces of a program, in their order and without a gap. */
export function piecesOf(text: string): Piece[] {
  return [...text.matchAll(PATTERN)].map((found) => {
    const [all, ...groups] = found;
    const look = LOOKS[groups.findIndex((group) => group !== undefined)]!;
    return { start: found.index, text: all, look: look === "word" && !WORDS.has(all) ? "plain" : look };
  });
}
