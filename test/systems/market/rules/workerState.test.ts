import { describe, expect, test } from "bun:test";
import {
  heartbeatCreditMs,
  isOnline,
  isWorkerState,
  stateAfterHeartbeat,
  stateAfterLease,
  stateAfterReport,
  type WorkerState,
} from "../../../../src/systems/market/rules/workerState";

describe("a worker's state", () => {
  test("defect 9: empty and unknown texts are no states, the miner's offline is one", () => {
    for (const text of ["", "available", "BUSY", null, 7, {}, "toString"]) expect(isWorkerState(text)).toBe(false);
    expect(isWorkerState("offline")).toBe(true);
  });

  const reports: [current: WorkerState, reported: WorkerState, leased: boolean, expected: WorkerState][] = [
    ["AVAILABLE", "IDLE", false, "IDLE"],
    ["LEASED", "MINING", true, "MINING"],
    ["MINING", "COMPLETED", true, "COMPLETED"],
    ["COMPLETED", "AVAILABLE", true, "COMPLETED"],
    ["COMPLETED", "AVAILABLE", false, "AVAILABLE"],
    ["offline", "AVAILABLE", true, "LEASED"],
    ["AVAILABLE", "AVAILABLE", true, "LEASED"],
    ["MINING", "offline", true, "offline"],
  ];
  for (const [current, reported, leased, expected] of reports) {
    test(`defect 9: ${current}, told ${reported}${leased ? " during a lease" : ""}, is ${expected}`, () => {
      expect(stateAfterReport(current, reported, leased)).toBe(expected);
    });
  }

  test("defect 9: a heartbeat brings back a worker that said goodbye, and leaves the others as they are", () => {
    expect(stateAfterHeartbeat("offline", false)).toBe("AVAILABLE");
    expect(stateAfterHeartbeat("offline", true)).toBe("LEASED");
    expect(stateAfterHeartbeat("IDLE", false)).toBe("IDLE");
  });

  test("the end of a lease frees the worker, unless it has gone", () => {
    expect(stateAfterLease("MINING")).toBe("AVAILABLE");
    expect(stateAfterLease("ERROR")).toBe("AVAILABLE");
    expect(stateAfterLease("offline")).toBe("offline");
  });
});

test("online means a heartbeat less than 90 s ago", () => {
  expect(isOnline(0, 89_999)).toBe(true);
  expect(isOnline(0, 90_000)).toBe(false);
});

test("a heartbeat is good for the time since the last one, at most a minute and never less than nothing", () => {
  expect(heartbeatCreditMs(1000, 31_000)).toBe(30_000);
  expect(heartbeatCreditMs(1000, 3_600_000)).toBe(60_000);
  expect(heartbeatCreditMs(1000, 0)).toBe(0);
  expect(heartbeatCreditMs(null, 5000)).toBe(0);
});
