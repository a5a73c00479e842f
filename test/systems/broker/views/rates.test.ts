import { expect, test } from "bun:test";
import { createBroker } from "../../../../src/mqtt";
import { createLog } from "../../../../src/platform/log";
import { seededRandom } from "../../../../src/platform/random";
import { sampleRates } from "../../../../src/systems/broker/views/rates";
import { manualClock } from "../../../support/manualClock";

function counted() {
  const clock = manualClock("2026-01-01T00:00:00Z");
  const stats = createBroker({ clock, random: seededRandom(1) }).stats();
  return {
    clock,
    stats,
    rates: sampleRates(
      clock,
      createLog({ level: "error", clock, sink: () => undefined }),
      () => structuredClone(stats),
      () => 3,
    ),
  };
}

test("rates are per second, whatever the time between two looks", () => {
  const { clock, stats, rates } = counted();
  stats.messagesReceived = [10, 5, 1];
  stats.bytesSent = 900;
  stats.dropped.offline = 4;
  clock.advance(1000);
  expect(rates.recent()).toEqual([
    {
      timeMs: Date.parse("2026-01-01T00:00:01Z"),
      messagesIn: 16,
      messagesOut: 0,
      bytesIn: 0,
      bytesOut: 900,
      dropped: 4,
      clients: 3,
    },
  ]);
  clock.advance(1000);
  expect(rates.recent().at(-1)).toMatchObject({ messagesIn: 0, bytesOut: 0, dropped: 0 });
});

test("five minutes are kept, and after the end no more is added", () => {
  const { clock, rates } = counted();
  clock.advance(400_000);
  expect(rates.recent().length).toBe(300);
  expect(rates.recent().at(-1)!.timeMs).toBe(clock.now());
  rates.stop();
  clock.advance(5000);
  expect(rates.recent().at(-1)!.timeMs).toBe(clock.now() - 5000);
});
