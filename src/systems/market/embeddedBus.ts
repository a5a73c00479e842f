import { RequestError } from "../../platform/errors";
import type { Log } from "../../platform/log";
import type { MessageBus } from "./messageBus";

/** What the bus needs of the broker in this process. */
export interface EmbeddedBroker {
  client(clientId: string): {
    publish(topic: string, payload: string, options: { qos: 1 }): void;
    subscribe(filter: string, receive: (message: ReceivedMessage) => void, options: { qos: 1 }): () => void;
  };
  clients(page: { offset: number; limit: number }): readonly { clientId: string; connection: unknown }[];
}

interface ReceivedMessage {
  topic: string;
  payload: Uint8Array;
  retain: boolean;
}

export interface EmbeddedBus extends MessageBus {
  /**
   * For the broker's `settle`: ends when everything that was handed over so far is done, so that senders are
   * acknowledged only then. Null when nothing is under way.
   * @throws RequestError (as a rejection) when something could not be kept and must be sent again.
   */
  settle(): Promise<void> | null;
}

const CLIENT_ID = "foresight-market";
const CLIENTS_TOLD = 1000;

/** The broker in this process as the market's bus; `broker` is asked for when it is first needed. */
export function createEmbeddedBus(broker: () => EmbeddedBroker, log: Log): EmbeddedBus {
  let underWay: Promise<void>[] = [];
  let own: ReturnType<EmbeddedBroker["client"]> | undefined;
  const client = () => (own ??= broker().client(CLIENT_ID));

  async function handle(running: Promise<void>, topic: string): Promise<void> {
    try {
      await running;
    } catch (error) {
      log.write("error", "a worker's message could not be handled", { topic, error });
      // What is not the message's fault will do the next time; anything else would come back for ever.
      if (error instanceof RequestError) throw error;
    }
  }

  return {
    async publish(topic, payload) {
      client().publish(topic, payload, { qos: 1 });
    },
    async subscribe(filter, onMessage) {
      const receive = ({ topic, payload, retain }: ReceivedMessage): void => {
        // A retained message is old news: a miner's last will outlives its return.
        if (retain) return;
        const running = onMessage(topic, payload);
        if (running !== undefined) underWay.push(handle(running, topic));
      };
      client().subscribe(filter, receive, { qos: 1 });
    },
    clientIds: () =>
      broker()
        .clients({ offset: 0, limit: CLIENTS_TOLD })
        .filter(({ connection }) => connection !== null)
        .map(({ clientId }) => clientId),
    settle() {
      if (underWay.length === 0) return null;
      const all = Promise.all(underWay);
      underWay = [];
      return all.then(() => undefined);
    },
  };
}
