import type { Server, ServerWebSocket } from "bun";
import { Elysia } from "elysia";
import { messageOf, RequestError } from "../../../platform/errors";
import { isFromElsewhere } from "../../../platform/http/strangers";
import type { Log } from "../../../platform/log";
import type { Access } from "../access/bearer";
import type { NativeService } from "./service";

export interface StreamRoutesOptions {
  log: Log;
  access: Access;
  service: NativeService;
  maxBodyBytes: number;
  /** Whether this server's own page needs no key. */
  mode: "open" | "closed";
  /** Aborted when the program begins to stop. */
  stopping: AbortSignal;
}

/** The largest message: the server keeps a message of any peer whole before anybody looks at it. */
export const MAX_STREAM_FRAME_BYTES = 4 * 1024 * 1024;

export const STREAM_PATH = "/api/v1/forecast/stream";

interface SocketData {
  /** Ends the forecast that is under way; undefined while there is none. */
  current: AbortController | undefined;
  /** Called when the socket has room again. */
  onDrain: (() => void) | undefined;
  /** @throws RequestError 429 where the caller asks too often */
  count: () => void;
  message(socket: Socket, message: string | Buffer): void;
  drain(socket: Socket): void;
  close(socket: Socket): void;
}

type Socket = ServerWebSocket<SocketData>;

/** What Bun's socket says when a frame waits in its queue. */
const QUEUED = -1;
const GOING_AWAY = 1001;
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Forecasts over a WebSocket (docs/forecasting.md, "Streams"): each message is a request, and is answered by messages with
 * `forecasts` as packs of series are done, then by one with the rest of the answer.
 */
export function streamRoutes(options: StreamRoutesOptions) {
  const { access, mode } = options;
  /** Pages cannot send a header with the handshake; the browser tells where they are from. */
  const admit = (request: Request) => {
    const isOwnPage = request.headers.has("origin") && !isFromElsewhere(request);
    const needsNone = mode === "open" && isOwnPage && !request.headers.has("authorization");
    return needsNone ? { name: "page" } : access.admit(request);
  };
  return new Elysia().get(
    STREAM_PATH,
    ({ request, server }) => {
      const caller = admit(request);
      const count = () => access.meter.count(caller);
      const data: SocketData = { current: undefined, onDrain: undefined, count, ...socketFunctions(options) };
      if ((server as unknown as Server<SocketData>).upgrade(request, { data })) {
        return undefined;
      }
      throw new RequestError(426, `${STREAM_PATH} is a WebSocket; POST /api/v1/forecast answers at once.`, {
        headers: { upgrade: "websocket" },
      });
    },
    // No operation of HTTP: an upgrade to a WebSocket.
    { detail: { hide: true } },
  );
}

type Answering = Pick<StreamRoutesOptions, "service" | "log" | "maxBodyBytes" | "stopping">;

function socketFunctions(options: Answering): Pick<SocketData, "message" | "drain" | "close"> {
  return {
    message(socket, message) {
      void answer(socket, Buffer.from(message), options).catch((error: unknown) => {
        if (!(error instanceof RequestError)) options.log.write("error", "a stream of forecasts failed", { error });
      });
    },
    drain: (socket) => socket.data.onDrain?.(),
    close(socket) {
      socket.data.current?.abort();
      socket.data.onDrain?.();
    },
  };
}

async function answer(socket: Socket, body: Buffer, options: Answering): Promise<void> {
  const { maxBodyBytes, stopping } = options;
  if (socket.data.current !== undefined) {
    return told(socket, new RequestError(409, "The request before is being answered: wait for its last message."));
  }
  if (body.byteLength > Math.min(maxBodyBytes, MAX_STREAM_FRAME_BYTES)) {
    const limit = `The message has ${body.byteLength} bytes; the limit is ${Math.min(maxBodyBytes, MAX_STREAM_FRAME_BYTES)}.`;
    return told(socket, new RequestError(413, `${limit} POST /api/v1/forecast takes more.`));
  }
  const current = new AbortController();
  socket.data.current = current;
  try {
    socket.data.count();
    await stream(socket, new Uint8Array(body), AbortSignal.any([current.signal, stopping]), options);
  } catch (error) {
    told(socket, error);
    throw error;
  } finally {
    socket.data.current = undefined;
    if (stopping.aborted) socket.close(GOING_AWAY, "the server is shutting down");
  }
}

async function stream(socket: Socket, body: Uint8Array, signal: AbortSignal, { service }: Answering): Promise<void> {
  const { head, parts, rest } = await service.forecast(body, signal);
  await sent(socket, JSON.stringify({ type: "begin", ...head }));
  for await (const { json } of parts) {
    const message = [Buffer.from('{"type":"forecasts","forecasts":['), json, Buffer.from("]}")];
    await sent(socket, Buffer.concat(message).toString());
  }
  await sent(socket, JSON.stringify({ type: "end", model: head.model, ...rest() }));
}

/** Sends a message, and waits until the reader has taken it: what is made is not gathered for whoever does not read. */
async function sent(socket: Socket, message: string): Promise<void> {
  if (socket.send(message) !== QUEUED) return;
  await new Promise<void>((resolve) => {
    socket.data.onDrain = resolve;
  });
  socket.data.onDrain = undefined;
}

/** The message of a failure; an unforeseen one is told without its reason. */
function told(socket: Socket, error: unknown): void {
  const known = error instanceof RequestError;
  if (known && error.status === CLIENT_CLOSED_REQUEST) return;
  const failure = known
    ? { status: error.status, detail: messageOf(error) }
    : { status: 500, detail: "Internal error; the log has the rest." };
  socket.send(JSON.stringify({ type: "error", ...failure }));
}
