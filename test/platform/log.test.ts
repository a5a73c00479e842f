import { describe, expect, test } from "bun:test";
import { createLog } from "../../src/platform/log";

const at = Date.UTC(2025, 8, 9);
const clock = { now: () => at, monotonic: () => 0, after: () => () => undefined };

describe("the log", () => {
  test("one line of JSON an event, with its time", () => {
    const lines: string[] = [];
    createLog({ level: "info", clock, sink: (line) => lines.push(line) }).write("info", "started", { port: 1 });
    expect(lines).toEqual(['{"time":"2025-09-09T00:00:00.000Z","level":"info","message":"started","port":1}\n']);
  });

  test("secrets are masked however deep they stand", () => {
    const lines: string[] = [];
    const log = createLog({ level: "info", clock, sink: (line) => lines.push(line) });
    log.write("info", "call", { headers: { authorization: "Bearer xyz" }, keys: [{ apiKey: "xyz" }], password: "xyz" });
    expect(lines[0]).not.toContain("xyz");
  });

  test("lines below the level are neither written nor kept", () => {
    const log = createLog({ level: "warning", clock, sink: () => undefined });
    log.write("info", "quiet");
    log.write("error", "loud");
    expect(log.recent({ limit: 10 }).map(({ message }) => message)).toEqual(["loud"]);
  });
});
