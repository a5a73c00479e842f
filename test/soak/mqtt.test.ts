import { expect, setDefaultTimeout, test } from "bun:test";
import { makeLoad } from "../bench/makeLoad";
import { type Figures, startOurs } from "../bench/mqttPeers";
import { lacks } from "../support/lacks";
import { isLongRun } from "../support/seeds";

setDefaultTimeout(90_000);

/**
 * The broker for some minutes (`FORESIGHT_SOAK_MINUTES`): idle connections, each with a subscription of its own, while
 * messages go by.
 */

const CONNECTIONS = 10_000;
const MESSAGES_PER_S = 2000;
const SECONDS = Number(process.env["FORESIGHT_SOAK_MINUTES"] ?? 4) * 60;
const SAMPLE_MS = 5000;
const MAX_BYTES_PER_CONNECTION = 6000;
/** What least squares find in the ups and downs of a collector over such a time, and no leak. */
const MAX_SLOPE_MB_PER_HOUR = 60;

interface Sample {
  atSeconds: number;
  bytes: number;
}

/** Bytes per second by least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const meanAt = mean(({ atSeconds }) => atSeconds);
  const meanBytes = mean(({ bytes }) => bytes);
  const covariance = mean(({ atSeconds, bytes }) => (atSeconds - meanAt) * (bytes - meanBytes));
  return covariance / mean(({ atSeconds }) => (atSeconds - meanAt) ** 2);
}

async function until(ask: () => Promise<Figures>, holds: (figures: Figures) => boolean): Promise<Figures> {
  for (;;) {
    const figures = await ask();
    if (holds(figures)) return figures;
    await Bun.sleep(200);
  }
}

test.skipIf(lacks("FORESIGHT_LONG=1, for a soak of minutes", isLongRun))(
  `${CONNECTIONS} idle connections and ${MESSAGES_PER_S} messages/s: memory stays, nobody and nothing is lost`,
  async () => {
    const { port, ask, stop } = await startOurs();
    // A first hundred have loaded what is loaded once.
    await (await makeLoad(port, { connections: 100, hold: 1, subscribe: 1 })).exited;
    const base = await until(ask!, ({ connections }) => connections === 0);
    const idle = await makeLoad(port, { connections: CONNECTIONS, hold: SECONDS + 60, subscribe: 1, keepalive: 0 });
    const full = await until(ask!, ({ connections }) => connections === CONNECTIONS);
    const bytesPerConnection = Math.round((full.rssBytes - base.rssBytes) / CONNECTIONS);

    const messages = MESSAGES_PER_S * SECONDS;
    const traffic = await makeLoad(port, { pubs: 10, subs: 10, qos: 1, rate: MESSAGES_PER_S, messages, payload: 128 });
    const samples: Sample[] = [];
    const startMs = performance.now();
    while (traffic.exitCode === null) {
      await Promise.race([Bun.sleep(SAMPLE_MS), traffic.exited]);
      const { rssBytes } = await ask!();
      samples.push({ atSeconds: (performance.now() - startMs) / 1000, bytes: rssBytes });
    }
    const last = await ask!();
    // The first tenth fills caches and pools.
    const slopeMbPerHour = (slopeOf(samples.slice(Math.ceil(samples.length / 10))) * 3600) / 1e6;
    const result = (await new Response(traffic.stdout).json()) as { lost: number; delivery_ms: object };
    process.stderr.write(
      `measured: ${JSON.stringify({ bytesPerConnection, baseMb: base.rssBytes / 1e6, lastMb: last.rssBytes / 1e6, slopeMbPerHour, delivery_ms: result.delivery_ms })}\n`,
    );
    idle.kill();
    await stop();
    expect(result.lost).toBe(0);
    expect(last.connections).toBe(CONNECTIONS);
    expect(last.outboxBytes + last.queuedBytes).toBe(0);
    expect(bytesPerConnection).toBeLessThanOrEqual(MAX_BYTES_PER_CONNECTION);
    expect(slopeMbPerHour).toBeLessThan(MAX_SLOPE_MB_PER_HOUR);
  },
  (SECONDS + 120) * 1000,
);
