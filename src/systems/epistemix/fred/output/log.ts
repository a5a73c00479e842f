type Level = "INFO" | "WARNING" | "ERROR";

/** The messages of a run, as the client reads them: one line each, always with milliseconds. */
export interface RunLog {
  write(level: Level, message: string): void;
  text(): string;
}

export function createLog(nowMs: () => number): RunLog {
  const lines: string[] = [];
  return {
    write(level, message) {
      lines.push(`[${new Date(nowMs()).toISOString()}] ${level}: ${message.replace(/\s*[\r\n]+\s*/g, " | ")}\n`);
    },
    text: () => lines.join(""),
  };
}
