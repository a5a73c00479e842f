import type { Broker, BrokerStats } from "../../mqtt";
import type { CounterValue, Metrics } from "../../platform/metrics";

const QOS = ["0", "1", "2"] as const;

/** All that the broker counts, for Prometheus. The counts are read when somebody looks: nothing is added to a message's way. */
export function registerMetrics(metrics: Metrics, broker: Broker, clients: () => number): void {
  const stats = () => broker.stats();
  registerGauges(metrics, broker, clients);
  metrics.counter("foresight_mqtt_connections_total", "Connections, by what became of them.", ["outcome"], () => {
    const { connectionsAccepted, connectionsRefused } = stats();
    return [
      [{ outcome: "accepted" }, connectionsAccepted],
      [{ outcome: "refused" }, connectionsRefused],
    ];
  });
  metrics.counter("foresight_mqtt_messages_total", "Messages, by direction and QoS.", ["direction", "qos"], () => {
    const { messagesReceived, messagesSent } = stats();
    return [...byQos("in", messagesReceived), ...byQos("out", messagesSent)];
  });
  metrics.counter(
    "foresight_mqtt_message_bytes_total",
    "Bytes of payloads, by direction and QoS.",
    ["direction", "qos"],
    () => {
      const { messageBytesReceived, messageBytesSent } = stats();
      return [...byQos("in", messageBytesReceived), ...byQos("out", messageBytesSent)];
    },
  );
  metrics.counter("foresight_mqtt_bytes_total", "Bytes on the wire, by direction.", ["direction"], () => {
    const { bytesReceived, bytesSent } = stats();
    return [
      [{ direction: "in" }, bytesReceived],
      [{ direction: "out" }, bytesSent],
    ];
  });
  metrics.counter("foresight_mqtt_dropped_total", "Messages that did not reach a receiver.", ["reason"], () =>
    Object.entries(stats().dropped).map(([reason, count]) => [{ reason }, count]),
  );
  const plain = [
    ["packets_received_total", "Packets that came.", "packetsReceived"],
    ["protocol_errors_total", "Connections ended since they broke the protocol.", "protocolErrors"],
    ["reading_paused_total", "Times a client was not read for a while.", "readingPaused"],
  ] as const;
  for (const [name, help, counter] of plain) {
    metrics.counter(`foresight_mqtt_${name}`, help, [], () => [[{}, stats()[counter]]]);
  }
}

function registerGauges(metrics: Metrics, broker: Broker, clients: () => number): void {
  const gauges: [name: string, help: string, read: (stats: BrokerStats) => number][] = [
    ["connections", "Open connections, those that have not said CONNECT included.", (stats) => stats.connections],
    ["sessions", "Sessions, connected or not.", (stats) => stats.sessions],
    ["retained_messages", "Retained messages.", (stats) => stats.retainedMessages],
    ["retained_bytes", "Bytes of retained messages.", (stats) => stats.retainedBytes],
    ["queued_bytes", "Bytes of messages that wait in sessions.", (stats) => stats.queuedBytes],
    ["outbox_bytes", "Bytes that sockets have not taken yet.", (stats) => stats.outboxBytes],
    ["overload", "Measures in force against too much memory, 0 to 3.", (stats) => stats.overload],
  ];
  for (const [name, help, read] of gauges) {
    metrics.gauge(`foresight_mqtt_${name}`, help, () => read(broker.stats()));
  }
  metrics.gauge("foresight_mqtt_clients", "Clients that are connected.", clients);
  metrics.gauge("foresight_mqtt_queued_messages", "Messages that wait in sessions.", () => {
    return broker.queueDepths().queuedMessages;
  });
  metrics.gauge("foresight_mqtt_inflight_messages", "QoS 1 and 2 messages on their way to clients.", () => {
    return broker.queueDepths().inflightMessages;
  });
}

function byQos(direction: "in" | "out", counts: readonly number[]): CounterValue<"direction" | "qos">[] {
  return QOS.map((qos, i) => [{ direction, qos }, counts[i]!]);
}
