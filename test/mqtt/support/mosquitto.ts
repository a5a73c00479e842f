import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atTestEnd } from "../../support/endings";
import { freePort, reachable } from "../../support/ports";

/** How to end those that run, by port. */
const stops = new Map<number, () => Promise<void>>();

/** Ends one without a word, as a crash does: it forgets all its sessions. */
export async function stopMosquitto(port: number): Promise<void> {
  const stop = stops.get(port);
  stops.delete(port);
  await stop?.();
}

/** Starts mosquitto for this test, on a free port unless one is named. Null, with a notice, where the machine has none. */
export async function startMosquitto(port = freePort()): Promise<number | null> {
  const binary = Bun.which("mosquitto", { PATH: `${process.env["PATH"]}:/usr/sbin` });
  if (binary === null) {
    process.stderr.write("no mosquitto on this machine: what needs it is left out\n");
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), "mosquitto-"));
  const file = join(folder, "mosquitto.conf");
  await Bun.write(file, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const child = Bun.spawn([binary, "-c", file], { stdout: "ignore", stderr: "ignore" });
  stops.set(port, async () => {
    child.kill("SIGKILL");
    await child.exited;
    await rm(folder, { recursive: true });
  });
  atTestEnd(() => stopMosquitto(port));
  await reachable(port);
  return port;
}
