import { closeSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../errors";
import { createFrameReader, createInbox, writeFrames } from "./childFrames";
import { type FromChild, REPLY_FD, type ToChild } from "./childProtocol";

type Answer = Exclude<FromChild, { type: "ready" }>;

/** How a child ended: by a code of its own or by a signal. */
export interface ChildEnd {
  exitCode: number | null;
  signal: string | null;
  /** The last lines that it, or the native library in it, printed. */
  lastLines: string[];
}

export interface ChildProcessOptions {
  /** The program and its arguments; see {@link ownCommand}. */
  command: readonly string[];
  environment: Record<string, string | undefined>;
  onReady: () => void;
  onAnswer: (answer: Answer, bulk: Uint8Array<ArrayBuffer>[]) => void;
  /** Called once, after every answer that the child wrote. */
  onEnd: (end: ChildEnd) => void;
}

/** One life of a child. */
export interface ChildProcess {
  readonly pid: number;
  run(id: number, kind: string, input: unknown, bulk: readonly ArrayBufferView[]): void;
  cancel(id: number): void;
  /** Asks for a clean end: work at hand is finished and memory released. */
  end(): void;
  kill(): void;
}

const KEPT_LINES = 20;
const MAX_LINE_CHARACTERS = 500;

/**
 * The command that starts this program again: the executable itself, or from source the runtime with the entry module.
 */
export function ownCommand(): string[] {
  if (Bun.isStandaloneExecutable) return [process.execPath];
  return [process.execPath, join(import.meta.dir, "../../main.ts")];
}

/** Starts a child with its control channel and its two pipes: standard input to it, descriptor 3 back. */
export function startChildProcess(options: ChildProcessOptions): ChildProcess {
  const lastLines: string[] = [];
  const inbox = createInbox();
  const disconnected = Promise.withResolvers<void>();
  async function take(answer: Answer): Promise<void> {
    options.onAnswer(answer, await inbox.take(answer.id, answer.frames));
  }
  const child = Bun.spawn([...options.command], {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env: options.environment,
    serialization: "json",
    ipc: (message: FromChild) => (message.type === "ready" ? options.onReady() : void take(message)),
    onDisconnect: () => disconnected.resolve(),
  });
  const requests = child.stdin as unknown as Bun.FileSink;
  const replyFd = child.stdio[REPLY_FD] as number;
  let lastWrite: Promise<void> = Promise.resolve();

  function tell(message: ToChild): void {
    try {
      child.send(message);
    } catch (error) {
      // A closed channel belongs to a child that is about to be reported as ended.
      lastLines.push(`it could not be told ${message.type}: ${messageOf(error)}`);
      child.kill("SIGKILL");
    }
  }

  /** A child that breaks the protocol is ended; its end is what is then reported. */
  const repliesRead = readReplies(replyFd, createFrameReader(inbox.frame).push).catch((error: unknown) => {
    lastLines.push(`its answer could not be read: ${messageOf(error)}`);
    child.kill("SIGKILL");
  });
  const linesRead = [child.stdout, child.stderr].map((stream) => keepLines(stream as ReadableStream, lastLines));

  void Promise.all([child.exited, disconnected.promise, repliesRead, ...linesRead]).then(() => {
    options.onEnd({ exitCode: child.exitCode, signal: child.signalCode as string | null, lastLines });
  });

  return {
    pid: child.pid,
    run(id, kind, input, bulk) {
      tell({ type: "run", id, kind, input, frames: bulk.length });
      // A pipe without a reader belongs to a child that has ended, which is reported as its end.
      lastWrite = lastWrite.then(() => writeFrames(requests, id, bulk)).catch(() => undefined);
    },
    cancel: (id) => tell({ type: "cancel", id }),
    end: () => tell({ type: "end" }),
    kill: () => child.kill("SIGKILL"),
  };
}

async function readReplies(fd: number, push: (chunk: Uint8Array) => void): Promise<void> {
  try {
    for await (const chunk of Bun.file(fd).stream()) push(chunk);
  } finally {
    closeSync(fd);
  }
}

async function keepLines(stream: ReadableStream<Uint8Array>, lines: string[]): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    for (const line of decoder.decode(chunk, { stream: true }).split("\n")) {
      if (line !== "") lines.push(line.slice(0, MAX_LINE_CHARACTERS));
    }
    lines.splice(0, lines.length - KEPT_LINES);
  }
}
