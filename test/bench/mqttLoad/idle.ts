import { type Connection, openConnection } from "./connection";
import type { LoadOptions } from "./options";
import { subscribePacket } from "./packets";

/** So many connections have local ports enough on one address. */
const CONNECTIONS_PER_ADDRESS = 20_000;

/** Opens idle connections, holds them, and says how many were there to the end. */
export async function holdConnections(options: LoadOptions, tag: string) {
  const opened: Connection[] = [];
  const errors: Record<string, number> = {};
  let next = 0;
  const startMs = performance.now();

  async function openOnes(): Promise<void> {
    while (next < options.connections) {
      const place = next++;
      const address = Math.floor(place / CONNECTIONS_PER_ADDRESS);
      const localAddress = address === 0 ? undefined : `127.0.0.${1 + address}`;
      try {
        const clientId = `idle-${tag}-${place}`;
        const connection = await openConnection({ ...options, clientId, localAddress, onPacket: () => undefined });
        if (options.subscribe === 1) connection.socket.write(subscribePacket(`load/idle/${place}`, options.qos));
        opened.push(connection);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        errors[code ?? message] = (errors[code ?? message] ?? 0) + 1;
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(options.ramp, options.connections) }, openOnes));
  const seconds = (performance.now() - startMs) / 1000;
  await new Promise((resolve) => setTimeout(resolve, options.hold * 1000));
  const alive = opened.filter(({ isAlive }) => isAlive).length;
  for (const { socket } of opened) socket.destroy();
  const asked = options.connections;
  return { isWhole: alive === asked, figures: { asked, connected: opened.length, alive, seconds, errors } };
}
