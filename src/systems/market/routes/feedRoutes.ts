import type { ServerWebSocket } from "bun";
import { Elysia } from "elysia";
import type { FeedClient } from "../live/feed";
import type { MarketService } from "../service";
import { storedWorker } from "../views/workerViews";
import { MAX_MARKET_BODY_BYTES } from "./access";

const RECENT_BLOCKS = 20;
/** What Bun's socket says when a frame waits in its queue. */
const QUEUED = -1;

type Socket = ServerWebSocket<unknown>;

/** The live feed of the dashboard. What clients send is ignored. */
export function feedRoutes({ feed, live, blockLists }: MarketService) {
  const clients = new WeakMap<Socket, FeedClient>();
  const snapshot = () => ({
    workers: Array.from(live.workers.values(), storedWorker),
    recent_blocks: blockLists.newest(RECENT_BLOCKS),
  });
  function withClient(socket: Socket, act: (client: FeedClient) => void): void {
    const client = clients.get(socket);
    if (client !== undefined) act(client);
  }
  return new Elysia().ws("/ws/dashboard", {
    maxPayloadLength: MAX_MARKET_BODY_BYTES,
    open({ raw }) {
      const socket = raw as Socket;
      const client: FeedClient = {
        send: (frame) => socket.send(frame) !== QUEUED,
        close: (code, reason) => socket.close(code, reason),
      };
      clients.set(socket, client);
      feed.join(client, snapshot);
    },
    drain: ({ raw }) => withClient(raw as Socket, feed.drained),
    close: ({ raw }) => withClient(raw as Socket, feed.leave),
  });
}
