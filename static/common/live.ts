import { useEffect, useState } from "preact/hooks";
import { createStore, type Store, useStore } from "./store";

/**
 * A stream of messages from the server, by SSE or WebSocket, that opens itself again when it breaks and then resumes:
 * the id of the last message goes along as `last_event_id`. See docs/pages.md, "Live".
 */

interface LiveMessage {
  /** The event's name; `message` where the server gave none. */
  event: string;
  data: unknown;
  /** When it was sent, in Unix seconds by the server's clock; undefined where the server does not say. */
  sentAtS: number | undefined;
}

export interface LiveState {
  phase: "connecting" | "live" | "stale";
  /** When the last message came, by `Date.now()`; null before the first. */
  lastMessageAt: number | null;
}

export interface LiveOptions {
  kind?: "events" | "socket";
  /** Names of the SSE events to listen for, beside `message` and `ping`. */
  events?: readonly string[];
  /** How long the server may say nothing; Infinity for a stream without pings, of which only a close tells. */
  silenceLimitMs?: number;
  onMessage(message: LiveMessage): void;
  /** The stream is open again after the connection broke or fell silent; not after a rest while nobody saw the page. */
  onReturn?(): void;
}

export interface Live {
  state: Store<LiveState>;
  close(): void;
}

/** The server sends something at least every 5 s; three times that without a word is a broken line. */
const STALE_AFTER_MS = 15_000;

/**
 * A page that nobody sees lets go of its connection after this time. Browsers allow six to one server, over all tabs:
 * with a seventh tab nothing would load any more.
 */
const RELEASE_HIDDEN_AFTER_MS = 20_000;

const RETRY_FIRST_MS = 500;
const MAX_RETRY_MS = 10_000;

/** Opens the stream at `path` and keeps it open, with growing pauses between the tries, until `close`. */
export function openLive(path: string, options: LiveOptions): Live {
  const state = createStore<LiveState>({ phase: "connecting", lastMessageAt: null });
  const line = keepConnected(path, options, () => state.set({ phase: "live", lastMessageAt: Date.now() }));
  const { silenceLimitMs = STALE_AFTER_MS } = options;
  const watch = setInterval(() => {
    const { phase, lastMessageAt } = state.get();
    if (phase !== "live" || Date.now() - (lastMessageAt ?? 0) < silenceLimitMs) return;
    state.set({ phase: "stale", lastMessageAt });
    line.reopen();
  }, 1000);
  const endVisibility = onVisibility(line.release, line.resume);
  return {
    state,
    close() {
      endVisibility();
      clearInterval(watch);
      line.release();
    },
  };
}

/** The stream at `path` for as long as the component is there, and its state. */
export function useLive(path: string, options: LiveOptions): LiveState {
  const [live, setLive] = useState<Live | undefined>();
  useEffect(() => {
    const opened = openLive(path, options);
    setLive(opened);
    return () => opened.close();
  }, [path]);
  return useStore(live?.state ?? notOpen);
}

const notOpen = createStore<LiveState>({ phase: "connecting", lastMessageAt: null });

/** One connection, whatever its kind. */
interface Connection {
  close(): void;
}

/** What a connection tells of itself. */
interface Listener {
  opened(): void;
  message(message: LiveMessage, id: string): void;
  failed(): void;
}

interface Line {
  /** Drops the connection and tries anew after the pause that is due. */
  reopen(): void;
  /** Drops the connection until `resume`. */
  release(): void;
  /** Opens it where there is none. */
  resume(): void;
}

function keepConnected(path: string, options: LiveOptions, heard: () => void): Line {
  const connect = options.kind === "socket" ? connectSocket : connectEvents;
  let connection: Connection | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let retryMs = RETRY_FIRST_MS;
  let lastId = "";
  let isBroken = false;

  function release(): void {
    clearTimeout(retry);
    connection?.close();
    connection = undefined;
  }
  function reopen(): void {
    isBroken = true;
    release();
    retry = setTimeout(resume, retryMs);
    retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
  }
  function resume(): void {
    clearTimeout(retry);
    connection ??= connect(withLastId(path, lastId), options.events ?? [], {
      opened() {
        heard();
        if (isBroken) options.onReturn?.();
        isBroken = false;
      },
      message(message, id) {
        if (id !== "") lastId = id;
        retryMs = RETRY_FIRST_MS;
        heard();
        if (message.event !== "ping") options.onMessage(message);
      },
      failed: reopen,
    });
  }
  resume();
  return { reopen, release, resume };
}

/** Calls `hidden` when the page has been out of sight for long, `shown` when it is seen again. */
function onVisibility(hidden: () => void, shown: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  function changed(): void {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(hidden, RELEASE_HIDDEN_AFTER_MS);
    else shown();
  }
  document.addEventListener("visibilitychange", changed);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", changed);
  };
}

function connectEvents(path: string, events: readonly string[], listener: Listener): Connection {
  const source = new EventSource(path);
  source.onopen = listener.opened;
  // The browser's own retry knows no growing pause and gives up at any status but 200.
  source.onerror = () => {
    source.close();
    listener.failed();
  };
  for (const event of new Set(["message", "ping", ...events])) {
    source.addEventListener(event, ({ lastEventId, data }: MessageEvent<string>) => {
      listener.message({ event, data: data === "" ? null : JSON.parse(data), sentAtS: undefined }, lastEventId);
    });
  }
  return { close: () => source.close() };
}

interface SocketMessage {
  event?: string;
  /** The event's name in streams that are older than these pages. */
  type?: string;
  id?: string;
  data: unknown;
  ts?: number;
}

/** Each message of a socket is `{"event", "id", "data"}` or `{"type", "data", "ts"}` as JSON. */
function connectSocket(path: string, _events: readonly string[], listener: Listener): Connection {
  const socket = new WebSocket(new URL(path, location.href.replace(/^http/, "ws")));
  let ended = false;
  socket.onopen = listener.opened;
  socket.onmessage = (message: MessageEvent<string>) => {
    const { type = "message", event = type, id = "", data, ts } = JSON.parse(message.data) as SocketMessage;
    listener.message({ event, data, sentAtS: ts }, String(id));
  };
  socket.onclose = () => {
    if (!ended) listener.failed();
  };
  return {
    close() {
      ended = true;
      socket.close();
    },
  };
}

function withLastId(path: string, lastId: string): string {
  if (lastId === "") return path;
  return `${path}${path.includes("?") ? "&" : "?"}last_event_id=${encodeURIComponent(lastId)}`;
}
