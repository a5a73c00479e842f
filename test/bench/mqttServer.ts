/**
 * The broker in a process of its own, as `serve` runs it: rights, limits, counters and a database file. Prints its
 * port; each line on standard input is answered with its figures and the memory of the process.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createBroker, createLiveRights, listenTcp, sqliteStore } from "../../src/mqtt";
import { systemClock } from "../../src/platform/clock";
import { unseededRandom } from "../../src/platform/random";
import { scratchFolder } from "../support/program";

const folder = scratchFolder();
const rights = createLiveRights({
  users: [],
  allowsAnonymous: true,
  rules: [
    { access: "read", topics: ["private/%c/#"] },
    { access: "both", topics: ["load/#", "offline/#"] },
  ],
});
const broker = createBroker({
  clock: systemClock,
  random: unseededRandom(),
  store: sqliteStore(join(folder, "mqtt.db")),
  limits: { flappingConnects: 0 },
  authenticate: rights.authenticate,
  authorize: rights.authorize,
});
const { port } = listenTcp(broker, { hostname: "127.0.0.1", port: 0 });
console.log(JSON.stringify({ port }));

process.once("SIGTERM", async () => {
  await broker.stop();
  rmSync(folder, { recursive: true });
  process.exit(0);
});
for await (const _line of console) {
  Bun.gc(true);
  console.log(JSON.stringify({ rssBytes: process.memoryUsage.rss(), ...broker.stats() }));
}
