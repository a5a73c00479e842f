import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, reachable } from "../support/ports";

/** A broker that is measured. */
export interface Peer {
  name: string;
  port: number;
  /** What the broker says of itself; null for one that says nothing. */
  ask: (() => Promise<Figures>) | null;
  stop(): Promise<void>;
}

/** What our broker's process answers. */
export interface Figures {
  rssBytes: number;
  connections: number;
  outboxBytes: number;
  queuedBytes: number;
}

/** Starts our broker in a process of its own. */
export async function startOurs(): Promise<Peer> {
  const script = join(import.meta.dir, "mqttServer.ts");
  const child = Bun.spawn([process.execPath, script], { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  const answers = lines(child.stdout);
  const { port } = JSON.parse(await answers()) as { port: number };
  return {
    name: "foresight",
    port,
    async ask() {
      child.stdin.write("figures\n");
      child.stdin.flush();
      return JSON.parse(await answers()) as Figures;
    },
    async stop() {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}

/** Starts mosquitto with queues that hold as much as ours. Null where the machine has none. */
export async function startMosquitto(): Promise<Peer | null> {
  const binary = Bun.which("mosquitto", { PATH: `${process.env["PATH"]}:/usr/sbin` });
  if (binary === null) return null;
  const folder = mkdtempSync(join(tmpdir(), "mosquitto-"));
  const port = freePort();
  const settings = [
    `listener ${port} 127.0.0.1`,
    "allow_anonymous true",
    "max_queued_messages 0",
    "persistence true",
    `persistence_location ${folder}/`,
    "user root",
  ];
  writeFileSync(join(folder, "mosquitto.conf"), `${settings.join("\n")}\n`);
  const child = Bun.spawn([binary, "-c", join(folder, "mosquitto.conf")], { stdout: "ignore", stderr: "ignore" });
  await reachable(port);
  return {
    name: "mosquitto",
    port,
    ask: null,
    async stop() {
      child.kill();
      await child.exited;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Gives the lines of a stream, one per call. */
function lines(stream: ReadableStream<Uint8Array>): () => Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  return async () => {
    while (!rest.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error("the broker's process has ended");
      rest += decoder.decode(value, { stream: true });
    }
    const end = rest.indexOf("\n");
    const line = rest.slice(0, end);
    rest = rest.slice(end + 1);
    return line;
  };
}
