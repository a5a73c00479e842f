import { describe, expect, test } from "bun:test";
import type { Broker } from "../../../src/mqtt";
import { startBroker } from "../../mqtt/support/broker";
import { brokerClock } from "../../mqtt/support/exchange";
import { handClient } from "../../mqtt/support/handClients";

const ignore = (): void => undefined;

/** A peer that has said nothing. */
function silent({ attachment }: Broker, address: string, unseenBytes?: number) {
  const peer = { isClosed: false };
  const end = (): void => {
    peer.isClosed = true;
  };
  const transport = { write: (bytes: Uint8Array) => bytes.length, end, terminate: end, pause: ignore, resume: ignore };
  const more = unseenBytes === undefined ? {} : { unseenBytes };
  return Object.assign(peer, { connection: attachment.open({ ...transport, ...more }, "hand", address) });
}

describe("where places run out", () => {
  test("the oldest that has not said who it is goes, first of the address that holds most", () => {
    const { broker } = startBroker({ limits: { connections: 10 } });
    handClient(broker, "known");
    const early = silent(broker, "192.0.2.1");
    const greedy = Array.from({ length: 8 }, () => silent(broker, "192.0.2.9"));
    for (let i = 0; i < 7; i++) handClient(broker, `client-${i}`);
    expect(greedy.map(({ isClosed }) => isClosed)).toEqual([...Array<boolean>(7).fill(true), false]);
    expect(early.isClosed).toBe(false);
    handClient(broker, "client-8");
    handClient(broker, "client-9");
    expect(early.isClosed).toBe(true);
    expect(broker.stats().connections).toBe(10);
    // Whoever has been let in stays.
    expect(silent(broker, "192.0.2.1").connection).toBeNull();
    expect(broker.findClient("known")?.connection).not.toBeNull();
  });

  test("of those of whom whole packets may be kept unseen 256 stay, and count with what that is", () => {
    const clock = brokerClock();
    const { broker } = startBroker({ clock });
    const packetBytes = broker.attachment.maxPacketBytes;
    const peers = Array.from({ length: 300 }, () => silent(broker, "192.0.2.9", packetBytes));
    expect(peers.filter(({ isClosed }) => isClosed)).toHaveLength(300 - 256);
    expect(peers[43]!.isClosed && !peers[44]!.isClosed).toBe(true);
    expect(broker.stats().heldBytes).toBe(256 * packetBytes);
    clock.advance(11_000);
    expect(broker.stats()).toMatchObject({ connections: 0, heldBytes: 0 });
  });
});
