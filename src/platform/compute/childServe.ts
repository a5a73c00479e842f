import { messageOf, RequestError } from "../errors";
import { createFrameReader, createInbox, refuseTooLong, writeFrames } from "./childFrames";
import {
  type ChildModule,
  type ChildReply,
  type EmitPartial,
  type FromChild,
  REPLY_FD,
  smallEnough,
  type ToChild,
} from "./childProtocol";

type Run = Extract<ToChild, { type: "run" }>;

/**
 * Runs inside a child process: takes work by kind and answers, until the parent asks for the end or is gone, or until
 * SIGTERM. Work at hand is finished first, then the module is released and the process ends with 0.
 */
export async function serveChild(module: ChildModule): Promise<void> {
  const running = new Map<number, AbortController>();
  const replies = Bun.file(REPLY_FD).writer();
  const { promise: endAsked, resolve: askEnd } = Promise.withResolvers<void>();
  const open = new Set<Promise<void>>();
  let lastReply: Promise<void> = Promise.resolve();

  /** Replies go one after the other: frames of two of them must not mix. */
  function answer(message: Exclude<FromChild, { type: "ready" }>, bulk: readonly ArrayBufferView[]): Promise<void> {
    process.send!(message);
    lastReply = lastReply.then(() => writeFrames(replies, message.id, bulk));
    return lastReply;
  }

  async function run(message: Run): Promise<void> {
    const control = new AbortController();
    running.set(message.id, control);
    const bulk = await inbox.take(message.id, message.frames);
    const { id } = message;
    const emit = ({ value, bulk: partial = [] }: ChildReply) =>
      void answer(
        { type: "partial", id, value: smallEnough(value, "A partial answer"), frames: partial.length },
        partial,
      );
    const outcome = await outcomeOf(module, message, bulk, control.signal, emit);
    running.delete(message.id);
    await answer(outcome.message, outcome.bulk);
  }

  const inbox = createInbox();
  const reader = createFrameReader(inbox.frame);

  function take(message: Run): void {
    const work = run(message).finally(() => open.delete(work));
    open.add(work);
  }

  process.on("message", (message: ToChild) => {
    if (message.type === "run") take(message);
    else if (message.type === "cancel") running.get(message.id)?.abort();
    else askEnd();
  });
  process.once("SIGTERM", askEnd);
  process.once("disconnect", askEnd);
  // Ctrl-C reaches the whole group of processes; it is the parent who decides what it means.
  process.on("SIGINT", () => undefined);
  readAll(Bun.stdin.stream(), reader.push).catch(crash);
  process.send!({ type: "ready" } satisfies FromChild);

  await endAsked;
  await Promise.allSettled(open);
  await module.release();
  process.exit(0);
}

interface Outcome {
  message: Extract<FromChild, { type: "done" | "failed" }>;
  bulk: readonly ArrayBufferView[];
}

async function outcomeOf(
  module: ChildModule,
  { id, kind, input }: Run,
  bulk: Uint8Array<ArrayBuffer>[],
  signal: AbortSignal,
  emit: EmitPartial,
): Promise<Outcome> {
  try {
    signal.throwIfAborted();
    const handler = module.handlers[kind];
    if (handler === undefined) throw new Error(`this child has no handler for work of kind ${kind}`);
    const reply: ChildReply = await handler(input as never, bulk, signal, emit);
    const value = smallEnough(reply.value, `The answer to ${kind}`);
    const frames = reply.bulk ?? [];
    refuseTooLong(frames);
    return { message: { type: "done", id, value, frames: frames.length }, bulk: frames };
  } catch (error) {
    const stack = error instanceof Error ? error.stack : undefined;
    const status = error instanceof RequestError ? error.status : undefined;
    return { message: { type: "failed", id, frames: 0, message: messageOf(error), stack, status }, bulk: [] };
  }
}

async function readAll(stream: ReadableStream<Uint8Array>, push: (chunk: Uint8Array) => void): Promise<void> {
  for await (const chunk of stream) push(chunk);
}

/** A torn pipe cannot be mended from here; the parent starts a new child. */
function crash(error: unknown): never {
  process.stderr.write(`The pipe from the parent broke: ${messageOf(error)}\n`);
  process.exit(1);
}
