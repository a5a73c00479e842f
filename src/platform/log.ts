import { appendFileSync } from "node:fs";
import type { Clock } from "./clock";

export const logLevels = ["debug", "info", "warning", "error", "critical"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogLine {
  time: string;
  level: LogLevel;
  message: string;
  [field: string]: unknown;
}

export interface LogQuery {
  requestId?: string | undefined;
  /** The least important level wanted. */
  level?: LogLevel | undefined;
  limit: number;
}

/** Lines of JSON, one event each. Fields whose name says secret are masked, however deep they stand. */
export interface Log {
  write(level: LogLevel, message: string, fields?: Record<string, unknown>): void;
  /** The newest remembered lines first. */
  recent(query: LogQuery): LogLine[];
}

export interface LogOptions {
  level: LogLevel;
  clock: Clock;
  /** Receives each line with its line feed. */
  sink: (line: string) => void;
}

const REMEMBERED_LINES = 2000;
const SECRET_NAME = /secret|password|passwd|token|authorization|api[-_]?key|private|cookie/i;
const MASK = "(secret)";

export function createLog({ level, clock, sink }: LogOptions): Log {
  const threshold = logLevels.indexOf(level);
  const remembered: LogLine[] = [];
  function write(lineLevel: LogLevel, message: string, fields: Record<string, unknown> = {}): void {
    if (logLevels.indexOf(lineLevel) < threshold) return;
    const masked = mask(fields) as Record<string, unknown>;
    const head = { time: new Date(clock.now()).toISOString(), level: lineLevel, message };
    // First in the line, and no member of the same name takes their places.
    const line: LogLine = Object.assign({ ...head }, masked, head);
    remembered.push(line);
    if (remembered.length > REMEMBERED_LINES) remembered.shift();
    sink(`${JSON.stringify(line)}\n`);
  }
  function recent({ requestId, level: least = "debug", limit }: LogQuery): LogLine[] {
    const from = logLevels.indexOf(least);
    const wanted = remembered.filter(
      (line) => logLevels.indexOf(line.level) >= from && (requestId === undefined || line["requestId"] === requestId),
    );
    return wanted.slice(-limit).reverse();
  }
  return { write, recent };
}

/** Where lines go: a file when one is named, else standard error. */
export function logSink(file: string | undefined): (line: string) => void {
  if (file === undefined) return (line) => process.stderr.write(line);
  return (line) => appendFileSync(file, line);
}

function mask(value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  if (Array.isArray(value)) return value.map(mask);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, SECRET_NAME.test(name) ? MASK : mask(member)]),
  );
}

/** Writes what failed into that log, for whoever goes on all the same. */
export function logFaults(log: Log): (what: string, error: unknown) => void {
  return (what, error) => log.write("error", `${what} failed`, { error });
}
