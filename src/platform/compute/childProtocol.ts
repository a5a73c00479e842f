/**
 * What this process and a child that holds a native add-on say to each other (docs/native.md, "Children"). Small control
 * messages go by IPC, whose JSON is slow; arrays go by pipe, in frames that name the request they belong to.
 */

/** The child's descriptor of the pipe back. Standard output stays free for whatever a native library prints. */
export const REPLY_FD = 3;

export type ToChild =
  | { type: "run"; id: number; kind: string; input: unknown; frames: number }
  | { type: "cancel"; id: number }
  | { type: "end" };

export type FromChild =
  | { type: "ready" }
  | { type: "partial"; id: number; value: unknown; frames: number }
  | { type: "done"; id: number; value: unknown; frames: number }
  | { type: "failed"; id: number; frames: 0; message: string; stack: string | undefined; status: number | undefined };

/** What a handler answers with: a small plain value, and arrays for whatever is large. */
export interface ChildReply {
  value: unknown;
  bulk?: readonly ArrayBufferView[];
}

/** Hands over what is known so far, while the work goes on. */
export type EmitPartial = (reply: ChildReply) => void;

/** One kind of work of a child: a plain value and the bytes that came with it, in; a reply out. */
export type ChildHandler = (
  input: never,
  bulk: readonly Uint8Array<ArrayBuffer>[],
  signal: AbortSignal,
  emit: EmitPartial,
) => ChildReply | Promise<ChildReply>;

/** What `src/child.ts` runs under one name. */
export interface ChildModule {
  handlers: Record<string, ChildHandler>;
  /** Frees whatever the add-on holds; a finaliser that ran after the end of the environment would crash the process. */
  release(): void | Promise<void>;
}

/** The largest control message: what is larger belongs into frames. */
const MAX_CONTROL_CHARACTERS = 16 * 1024;

/**
 * The value itself, when it is small enough for a control message.
 * @throws RangeError that names the limit.
 */
export function smallEnough(value: unknown, what: string): unknown {
  const characters = JSON.stringify(value)?.length ?? 0;
  if (characters <= MAX_CONTROL_CHARACTERS) return value;
  throw new RangeError(
    `${what} has ${characters} characters as JSON, the limit is ${MAX_CONTROL_CHARACTERS}; pass arrays as bulk`,
  );
}
