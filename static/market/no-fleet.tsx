import { copyText } from "../common/download";
import { useLoaded } from "../common/load";

interface Ports {
  mqtt_port?: number | null;
  api_port?: number | null;
}

const STANDARD_MQTT_PORT = 1883;

/** While no worker has ever come: the command that brings some which need no GPU. */
export function NoFleet() {
  const { value: ports } = useLoaded<Ports>("/");
  if (ports === undefined) return <p class="quiet-text loading">Loading the workers</p>;
  const command = `foresight miner --workers 5 --mqtt-port ${ports.mqtt_port || STANDARD_MQTT_PORT} --api-port ${location.port || 80}`;
  return (
    <section class="empty" aria-label="Offers">
      <p>
        Workers and their prices would be here. Miners bring themselves in over MQTT; simulated ones, which need no GPU,
        come with this command and leave when it ends.
      </p>
      <pre class="command">{command}</pre>
      <button type="button" onClick={() => copyText(command, "Command")}>
        Copy the command
      </button>
    </section>
  );
}
