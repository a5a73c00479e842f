import { expect, test } from "bun:test";
import { DEFAULT_LIMITS } from "../../../src/mqtt";
import { createLog } from "../../../src/platform/log";
import { limitedByFiles, restWhenOutOfFiles } from "../../../src/systems/broker/openFiles";
import { startBroker } from "../../mqtt/support/broker";
import { connect } from "../../mqtt/support/client";
import { manualClock } from "../../support/manualClock";

function logged() {
  const lines: string[] = [];
  const clock = manualClock("2026-03-01T12:00:00Z");
  return { lines, clock, log: createLog({ level: "debug", clock, sink: (line) => void lines.push(line) }) };
}

test("connections leave 500 files for the rest of the program, and the log says so", () => {
  const { lines, log } = logged();
  expect(limitedByFiles(DEFAULT_LIMITS, log, 4096).connections).toBe(3596);
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: "info", connections: 3596 });
  expect(limitedByFiles(DEFAULT_LIMITS, log, 1_048_576)).toBe(DEFAULT_LIMITS);
  expect(lines).toHaveLength(1);
});

test("fewer connections than were asked for are a warning", () => {
  const { lines, log } = logged();
  expect(limitedByFiles({ ...DEFAULT_LIMITS, connections: 8000 }, log, 4096).connections).toBe(3596);
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: "warning", asked: 8000 });
});

test("a listener rests for a second when no file can be opened, and takes connections again", async () => {
  const { lines, log, clock } = logged();
  const { listener, port } = startBroker();
  let isOut = true;
  const end = restWhenOutOfFiles([listener], clock, log, () => isOut);
  const { client } = await connect(port);
  clock.advance(1000);
  await expect(connect(port)).rejects.toThrow();
  isOut = false;
  clock.advance(1000);
  await connect(port);
  expect(client.connected).toBe(true);
  expect(lines.filter((line) => line.includes("no more files"))).toHaveLength(1);
  end();
});
