import { copyText } from "../common/download";
import { Fault } from "../common/fault";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { type Simulator, StartButton, useSimulator } from "./simulator";

interface Ports {
  mqtt_port?: number | null;
}

const STANDARD_MQTT_PORT = 1883;
/** What the command takes where nothing is said. */
const LOOPBACK = ["localhost", "127.0.0.1"];

/**
 * While no worker has ever come: a button that brings some which need no GPU, and the command that does. `changed` is
 * called when they are there.
 */
export function NoFleet({ changed }: { changed: () => void }) {
  const ports = useLoaded<Ports>("/");
  const simulator = useSimulator(changed);
  return (
    <Loading what="the workers" loaded={ports}>
      {({ mqtt_port }) => (
        <Loading what="the workers" loaded={simulator.loaded}>
          {({ available, program }) => (
            <WaysIn
              command={minerCommand(program, mqtt_port || STANDARD_MQTT_PORT)}
              simulator={available ? simulator : undefined}
            />
          )}
        </Loading>
      )}
    </Loading>
  );
}

function WaysIn({ command, simulator }: { command: string; simulator: Simulator | undefined }) {
  const fault = simulator?.start.fault;
  return (
    <section class="empty" aria-label="Offers">
      <p>
        Workers and their prices would be here. Miners bring themselves in over MQTT; simulated ones, which need no GPU,
        {simulator ? " come at the press of a button and go at the next." : " come with this command."}
      </p>
      {simulator && <StartButton {...simulator} />}
      {fault && <Fault report={fault} />}
      {simulator && <p>Or with this command, for as long as it runs:</p>}
      <pre class="command">{command}</pre>
      <button type="button" onClick={() => copyText(command, "Command")}>
        Copy the command
      </button>
    </section>
  );
}

/** The command as it is typed on this machine, or where the page is looked at from another. */
function minerCommand(program: string, mqttPort: number): string {
  const { hostname, port } = location;
  const host = LOOPBACK.includes(hostname) ? [] : ["--mqtt-host", hostname];
  return [program, "miner --workers 5", ...host, "--mqtt-port", mqttPort, "--api-port", port || 80].join(" ");
}
