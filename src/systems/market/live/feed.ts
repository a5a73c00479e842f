import type { Clock } from "../../../platform/clock";

/** One subscriber of the live feed, as the routes see its socket. */
export interface FeedClient {
  /** Gives false when the socket has more to send than it should hold; it then calls `drained` when it has room. */
  send(frame: string): boolean;
  close(code: number, reason: string): void;
}

/** What the feed tells of after its first frame. */
export type FeedEvent = "heartbeat" | "block" | "block_verified" | "lease_low" | "lease_ended" | "health";

/**
 * The live feed of the dashboard (docs/market.md, Live feed): frames `{"type","data","ts"}` to every subscriber. A
 * slow subscriber misses heartbeats, which the next ones replace, and is dropped when it stays slow.
 */
export interface Feed {
  /** Lets a client in with its first frame, or turns it away with 1013. */
  join(client: FeedClient, snapshot: () => unknown): void;
  leave(client: FeedClient): void;
  drained(client: FeedClient): void;
  publish(type: FeedEvent, data: unknown): void;
  clients(): number;
  /** Sends everybody away. */
  close(): void;
}

export const MAX_CLIENTS = 200;
const MAX_SLOW_MS = 2000;
const TRY_AGAIN_LATER = 1013;
const GOING_AWAY = 1001;

interface Seat {
  /** Since when the client has not taken what was sent; undefined while it keeps up. */
  slowSinceMs: number | undefined;
}

export function createFeed(clock: Clock): Feed {
  const seats = new Map<FeedClient, Seat>();
  const frameOf = (type: string, data: unknown) => JSON.stringify({ type, data, ts: clock.now() / 1000 });

  function deliver(client: FeedClient, seat: Seat, frame: string): void {
    if (!client.send(frame)) seat.slowSinceMs ??= clock.now();
  }

  function isTooSlow({ slowSinceMs }: Seat): boolean {
    return slowSinceMs !== undefined && clock.now() - slowSinceMs >= MAX_SLOW_MS;
  }

  return {
    join(client, snapshot) {
      if (seats.size >= MAX_CLIENTS) {
        client.close(TRY_AGAIN_LATER, "Server overloaded");
        return;
      }
      const seat = { slowSinceMs: undefined };
      seats.set(client, seat);
      deliver(client, seat, frameOf("snapshot", snapshot()));
    },
    leave(client) {
      seats.delete(client);
    },
    drained(client) {
      const seat = seats.get(client);
      if (seat !== undefined) seat.slowSinceMs = undefined;
    },
    publish(type, data) {
      if (seats.size === 0) return;
      const frame = frameOf(type, data);
      for (const [client, seat] of seats) {
        if (isTooSlow(seat)) {
          seats.delete(client);
          client.close(TRY_AGAIN_LATER, "Too slow");
        } else if (seat.slowSinceMs === undefined || type !== "heartbeat") {
          deliver(client, seat, frame);
        }
      }
    },
    clients: () => seats.size,
    close() {
      for (const client of seats.keys()) client.close(GOING_AWAY, "The server stops");
      seats.clear();
    },
  };
}
