import { copyText } from "../common/download";
import { Fault } from "../common/fault";
import { useLoaded } from "../common/load";
import { StartButton, useSimulator } from "./simulator";

interface Ports {
  mqtt_port?: number | null;
  api_port?: number | null;
}

const STANDARD_MQTT_PORT = 1883;

/**
 * While no worker has ever come: a button that brings some which need no GPU, and the command that does. `changed` is
 * called when they are there.
 */
export function NoFleet({ changed }: { changed: () => void }) {
  const { value: ports } = useLoaded<Ports>("/");
  const simulator = useSimulator(changed);
  const { state, start } = simulator;
  if (ports === undefined || state === undefined) return <p class="quiet-text loading">Loading the workers</p>;
  const command = `foresight miner --workers 5 --mqtt-port ${ports.mqtt_port || STANDARD_MQTT_PORT} --api-port ${location.port || 80}`;
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
