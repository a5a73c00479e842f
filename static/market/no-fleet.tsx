import { copyText } from "../common/download";
import { Fault } from "../common/fault";
import { useLoaded } from "../common/load";
import { StartButton, useSimulator } from "./simulator";

interface Ports {
  mqtt_port?: number | null;
  api_port?: number | null;
}

const STANDARD_MQTT_PORT = 1883;
/** What the command takes where nothing is said. */
const LOOPBACK = ["localhost", "127.0.0.1"];

/**
 * While no worker has ever come: a button that brings some which need no GPU, and the command that does. `changed` is
 * called when they are there.
 */
export function NoFleet({ changed }: { changed: () => void }) {
  const { value: ports } = useLoaded<Ports>("/");
  const simulator = useSimulator(changed);
  const { state, start } = simulator;
  if (ports === undefined || state === undefined) return <p class="quiet-text loading">Loading the workers</p>;
  const command = minerCommand(ports.mqtt_port || STANDARD_MQTT_PORT);
  return (
    <section class="empty" aria-label="Offers">
      <p>
        Workers and their prices would be here. Miners bring themselves in over MQTT; simulated ones, which need no GPU,
        {state.available ? " come at the press of a button and go at the next." : " come with this command."}
      </p>
      {state.available && <StartButton {...simulator} />}
      {start.fault !== undefined && <Fault report={start.fault} />}
      {state.available && <p>Or with this command, for as long as it runs:</p>}
      <pre class="command">{command}</pre>
      <button type="button" onClick={() => copyText(command, "Command")}>
        Copy the command
      </button>
    </section>
  );
}

/** The command as it is typed on this machine, or where the page is looked at from another. */
function minerCommand(mqttPort: number): string {
  const { hostname, port } = location;
  const host = LOOPBACK.includes(hostname) ? [] : ["--mqtt-host", hostname];
  return ["foresight miner --workers 5", ...host, "--mqtt-port", mqttPort, "--api-port", port || 80].join(" ");
}
