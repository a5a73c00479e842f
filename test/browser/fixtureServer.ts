import { join } from "node:path";
import { assetRoutes, sourceAssets } from "../../src/platform/assets/serve";
import type { Backup, DoctorCheck, Hit, LogLine, Metrics, Setting, Status, Storage } from "../../static/common/api";

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
  backups: Backup[];
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

const STATUS: Status = {
  version: "0.1.0",
  systems: [
    {
      name: "filecoin",
      title: "Filecoin",
      figure: "603.1 M FIL",
      caption: "circulating supply on 2025-09-09",
      action: { label: "Forecast ten years", href: "/filecoin" },
      href: "/filecoin",
      ready: true,
      status: "healthy",
      statusLine: ["sample, to 2025-09-09", "CPU f64"],
    },
    {
      name: "market",
      title: "Market",
      figure: "12 workers",
      caption: "for rent, from 0.012 XNM/min",
      action: { label: "See the offers", href: "/market" },
      href: "/market",
      ready: true,
      status: "healthy",
      statusLine: [],
    },
    {
      name: "chain",
      title: "Chain",
      figure: "41 208",
      caption: "blocks found",
      action: { label: "See the last blocks", href: "/market?tab=chain" },
      href: null,
      ready: true,
      status: "healthy",
      statusLine: [],
    },
    {
      name: "forecasting",
      title: "Forecast",
      figure: null,
      caption: "values forecast today",
      action: { label: "Drop a series", href: "/forecast" },
      href: "/forecast",
      ready: false,
      status: "loading",
      statusLine: [],
      notes: ["The model is being read: 312 of 814 MB."],
    },
    {
      name: "jobs",
      title: "Jobs",
      figure: "3 running",
      caption: "of 128 in the last day",
      action: { label: "New job", href: "/jobs" },
      href: "/jobs",
      ready: true,
      status: "healthy",
      statusLine: [],
    },
    {
      name: "epistemix",
      title: "Epidemics",
      figure: "2 runs",
      caption: "kept for the epx client",
      action: { label: "New run", href: "/epidemics" },
      href: "/epidemics",
      ready: true,
      status: "healthy",
      statusLine: [],
    },
    {
      name: "broker",
      title: "Broker",
      figure: "1 204 /s",
      caption: "messages delivered",
      action: { label: "Watch the topics", href: "/broker" },
      href: "/broker",
      ready: true,
      status: "degraded",
      statusLine: ["14 broker clients"],
      notes: ["Two slow readers were dropped in the last minute."],
    },
  ],
  work: { running: 3, waiting: 0 },
};

const SETTINGS: Setting[] = [
  { name: "HOST", value: "127.0.0.1", origin: "default", unit: null, meaning: "Address to listen on." },
  {
    name: "PORT",
    value: "9000",
    origin: "flag",
    unit: null,
    meaning: "Port of HTTP and WebSocket; 0 takes a free one.",
  },
  {
    name: "DATA_DIR",
    value: "/srv/foresight",
    origin: "environment",
    unit: null,
    meaning: "Folder of all that is kept.",
  },
  { name: "SECRET_KEY", value: "(secret)", origin: "file", unit: null, meaning: "Signs tokens and addresses." },
  { name: "MAX_BODY_BYTES", value: "8388608", origin: "default", unit: "bytes", meaning: "Largest body of a request." },
  { name: "DATABASE_URL", value: null, origin: "default", unit: null, meaning: "A Postgres address." },
];

const METRICS: Metrics = {
  uptimeS: 93_784,
  memoryBytes: 128_400_000,
  cpuShare: 0.34,
  eventLoopDelayMs: { p50: 0.4, p99: 3.2 },
  routes: [
    { method: "POST", path: "/simulate", count: 18_204, failed: 3, p50Ms: 4.6, p99Ms: 11.2 },
    { method: "GET", path: "/health", count: 5210, failed: 0, p50Ms: 0.2, p99Ms: 1.1 },
  ],
  others: [{ name: "foresight_pool_waiting", value: 2, meaning: "Work that waits for a Worker." }],
};

const DOCTOR: DoctorCheck[] = [
  {
    name: "Database",
    outcome: "works",
    found: "SQLite 3.50 in /srv/foresight, a lasting write takes 0.31 ms.",
    advice: null,
  },
  {
    name: "GPU",
    outcome: "missing",
    found: "No adapter; the CPU does the work.",
    advice: "Install a Vulkan driver to use one.",
  },
  { name: "Inference", outcome: "works", found: "ONNX Runtime 1.30 on the CPU.", advice: null },
  {
    name: "Open files",
    outcome: "limited",
    found: "1 024 at most.",
    advice: "Raise it with ulimit -n 65536 for 10 000 clients.",
  },
  { name: "Disk", outcome: "works", found: "412 GB free.", advice: null },
  { name: "History", outcome: "works", found: "Sample, 2022-10-10 to 2025-09-09.", advice: null },
];

const STORAGE: Omit<Storage, "backups"> = {
  dataDir: "/srv/foresight",
  freeBytes: 412_000_000_000,
  fsyncMs: 0.31,
  files: [
    { name: "foresight.db", bytes: 18_400_000, meaning: "Accounts, jobs, offers and the journal of money" },
    { name: "latest_simulation.json", bytes: 1_200_000, meaning: "The last simulation in full" },
  ],
};

const LOG: LogLine[] = Array.from({ length: 400 }, (_, i) => ({
  time: new Date(Date.UTC(2025, 8, 10, 10, 15, 0) - i * 1370).toISOString(),
  level: i % 97 === 5 ? "error" : i % 31 === 7 ? "warn" : "info",
  message: i % 97 === 5 ? "request failed" : "request",
  requestId: `0198f1c2-${String(7000 - (i >> 1)).padStart(4, "0")}`,
  details: { route: "POST /simulate", status: i % 97 === 5 ? 500 : 200, ms: 4 + (i % 9) },
}));

function logsFor(query: URLSearchParams): LogLine[] {
  const levels = ["debug", "info", "warn", "error"];
  const from = levels.indexOf(query.get("level") ?? "debug");
  const id = query.get("request_id");
  return LOG.filter((line) => levels.indexOf(line.level) >= from && (id === null || line.requestId === id)).slice(
    0,
    Number(query.get("limit") ?? 200),
  );
}

function found(query: string): Hit[] {
  const known: Hit[] = [
    { kind: "worker", title: "worker-17", hint: "RTX 4090, for rent", href: "/market?worker=worker-17" },
    { kind: "job", title: "Sweep of lock target", hint: "done on 2025-09-08", href: "/jobs?job=42" },
  ];
  return known.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()));
}
