import { join } from "node:path";
import { assetRoutes, sourceAssets } from "../../src/platform/assets/serve";
import type { BackupFile, Status } from "../../static/common/api";
import { DOCTOR, found, logsFor, METRICS, SETTINGS, STATUS, STORAGE } from "./fixtureFigures";

/**
 * A server that answers what the shell asks for with made-up figures that are always the same, and that can be made to
 * fall silent or to fail. The pages it serves are the real ones, and those of `test/browser/pages`.
 */
export interface FixtureServer {
  url: string;
  /** The status it tells; a change is sent at once. */
  status: Status;
  send(status: Status): void;
  /** Sends nothing more to anybody and answers no new stream, until `speak`. */
  fallSilent(): void;
  speak(): void;
  backups: BackupFile[];
  /** Answers this path with that status and body from now on. */
  refuse(path: string, status: number, body: unknown): void;
  /** The `last_event_id` of each stream that was asked for. */
  streamsFrom: string[];
  stop(): Promise<void>;
}

const root = join(import.meta.dir, "../..");

export function startFixtureServer(): FixtureServer {
  const routes = new Map<string, (request: Request) => Response | Promise<Response>>();
  const pages = sourceAssets(join(root, "static"));
  const testPages = sourceAssets(join(import.meta.dir, "pages"), join(root, "static/common"));
  for (const { path, handle } of assetRoutes(pages, ["start", "system"])) routes.set(path, handle);
  const startPage = routes.get("/")!;
  routes.set("/", (request) =>
    request.headers.get("accept") === "application/json" ? Response.json({}) : startPage(request),
  );
  for (const { path, handle } of assetRoutes(testPages, ["parts", "crowd"]).slice(1)) routes.set(path, handle);
  const streams = new Set<ReadableStreamDefaultController>();
  let silent = false;
  let eventId = 0;
  const fixture: FixtureServer = {
    url: "",
    status: structuredClone(STATUS),
    backups: [],
    streamsFrom: [],
    send(status) {
      fixture.status = status;
      eventId++;
      if (!silent) for (const stream of streams) stream.enqueue(`id: ${eventId}\ndata: ${JSON.stringify(status)}\n\n`);
    },
    fallSilent() {
      silent = true;
    },
    speak() {
      silent = false;
    },
    refuse: (path, status, body) =>
      routes.set(path, () => Response.json(body, { status, headers: { "x-request-id": "0198f1c2-test" } })),
    async stop() {
      clearInterval(pinging);
      await server.stop(true);
    },
  };
  const pinging = setInterval(() => {
    if (!silent) for (const stream of streams) stream.enqueue("event: ping\ndata: 1\n\n");
  }, 1000);
  routes.set("/api/system/events", (request) => {
    fixture.streamsFrom.push(new URL(request.url).searchParams.get("last_event_id") ?? "");
    if (silent) return new Response(null, { status: 204 });
    return eventStream(request, streams, () => `id: ${eventId}\ndata: ${JSON.stringify(fixture.status)}\n\n`);
  });
  routes.set("/api/system/status", () => Response.json(fixture.status));
  routes.set("/api/system/settings", () => Response.json(SETTINGS));
  routes.set("/api/system/metrics", () => Response.json(METRICS));
  routes.set("/api/system/doctor", () => Response.json(DOCTOR));
  routes.set("/api/system/logs", (request) => Response.json(logsFor(new URL(request.url).searchParams)));
  routes.set("/api/system/find", (request) => Response.json(found(new URL(request.url).searchParams.get("q") ?? "")));
  routes.set("/api/system/storage", () => Response.json({ ...STORAGE, backups: fixture.backups }));
  routes.set("/api/system/backup", () => {
    fixture.backups.push({ name: "foresight-20250910-101500.zip", bytes: 4_200_000, time: "2025-09-10T10:15:00Z" });
    return Response.json(fixture.backups.at(-1));
  });
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 255,
    fetch(request, bun) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/socket" && bun.upgrade(request, { data: Number(searchParams.get("last_event_id") ?? 0) })) {
        return undefined;
      }
      const known = routes.get(pathname) ?? (pathname.startsWith("/assets/") ? assetOfEither : undefined);
      return known?.(request) ?? new Response("no such path in the fixture", { status: 404 });
    },
    websocket: {
      // Sends three numbers after the last one seen and breaks, until nine have been sent.
      open(socket: Bun.ServerWebSocket<number>) {
        const first = socket.data + 1;
        for (let id = first; id < first + 3 && id <= 9; id++) socket.send(JSON.stringify({ id, data: id }));
        if (first + 3 <= 9) socket.close();
      },
      message() {
        throw new Error("The page sends nothing on this socket.");
      },
    },
  });
  async function assetOfEither(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const answer = (await pages.file(pathname, request)) ?? (await testPages.file(pathname, request));
    return answer ?? new Response("no such file", { status: 404 });
  }
  fixture.url = server.url.origin;
  return fixture;
}

function eventStream(request: Request, streams: Set<ReadableStreamDefaultController>, first: () => string): Response {
  const body = new ReadableStream({
    start(controller) {
      streams.add(controller);
      request.signal.addEventListener("abort", () => streams.delete(controller));
      controller.enqueue(first());
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}
