import type {
  DoctorCheck,
  Hit,
  SettingInForce,
  ShownLine,
  Statistics,
  Status,
  StorageReport,
} from "../../static/common/api";

/** What the fixture server tells: made up, and always the same. */

export const STATUS: Status = {
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

export const SETTINGS: SettingInForce[] = [
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

export const METRICS: Statistics = {
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

const CHECKS: Omit<DoctorCheck, "figures">[] = [
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
export const DOCTOR: DoctorCheck[] = CHECKS.map((check) => ({ ...check, figures: {} }));

export const STORAGE: Omit<StorageReport, "backups"> = {
  dataDir: "/srv/foresight",
  freeBytes: 412_000_000_000,
  fsyncMs: 0.31,
  files: [
    { name: "foresight.db", bytes: 18_400_000, meaning: "Accounts, jobs, offers and the journal of money" },
    { name: "latest_simulation.json", bytes: 1_200_000, meaning: "The last simulation in full" },
  ],
};

const LOG: ShownLine[] = Array.from({ length: 400 }, (_, i) => ({
  time: new Date(Date.UTC(2025, 8, 10, 10, 15, 0) - i * 1370).toISOString(),
  level: i % 97 === 5 ? "error" : i % 31 === 7 ? "warn" : "info",
  message: i % 97 === 5 ? "request failed" : "request",
  requestId: `0198f1c2-${String(7000 - (i >> 1)).padStart(4, "0")}`,
  details: { route: "POST /simulate", status: i % 97 === 5 ? 500 : 200, ms: 4 + (i % 9) },
}));

export function logsFor(query: URLSearchParams): ShownLine[] {
  const levels = ["debug", "info", "warn", "error"];
  const from = levels.indexOf(query.get("level") ?? "debug");
  const id = query.get("request_id");
  return LOG.filter((line) => levels.indexOf(line.level) >= from && (id === null || line.requestId === id)).slice(
    0,
    Number(query.get("limit") ?? 200),
  );
}

export function found(query: string): Hit[] {
  const known: Hit[] = [
    { kind: "worker", title: "worker-17", hint: "RTX 4090, for rent", href: "/market?worker=worker-17" },
    { kind: "job", title: "Sweep of lock target", hint: "done on 2025-09-08", href: "/jobs?job=42" },
  ];
  return known.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()));
}
