import type { Broker } from "../broker/broker";
import type { Receive } from "../state/localClient";
import type { Bus } from "./bus";
import { presenceOf } from "./presence";

const PAGE = 1000;

/** A bus on the broker in this process: no socket, no copy. */
export function embeddedBus(broker: Broker, clientId: string): Bus {
  const client = broker.client(clientId);
  const presence = presenceOf(broker);
  return {
    presence,
    publish(topic, payload) {
      client.publish(topic, payload, { qos: 1 });
      return client.committed();
    },
    async subscribe(filter, onMessage) {
      const receive: Receive = ({ topic, payload, publisher }) =>
        onMessage(topic, payload, presence.publisher(publisher));
      client.subscribe(filter, receive, { qos: 1, retainHandling: 2 });
    },
    clientIds: () => connectedIds(broker),
    async close() {
      presence.close();
      client.close();
    },
  };
}

function connectedIds(broker: Broker): string[] {
  const ids: string[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const page = broker.clients({ offset, limit: PAGE });
    for (const { clientId, connection } of page) if (connection !== null) ids.push(clientId);
    if (page.length < PAGE) return ids;
  }
}
