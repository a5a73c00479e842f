import { type Broker, type Listener, listenTcp, listenTls } from "../../mqtt";
import { messageOf, UsageError } from "../../platform/errors";
import type { Platform } from "../../platform/platform";
import { GUESTS } from "./rights/guests";
import type { TlsFiles } from "./tls";
import type { ListenPorts } from "./views/overview";

/** Opens the ports that the settings ask for. @throws UsageError that names the setting of one that is taken. */
export function listen(
  broker: Broker,
  { config, log }: Pick<Platform, "config" | "log">,
  tls: TlsFiles | undefined,
): { ports: ListenPorts; listeners: Listener[] } {
  const { HOST: hostname, MQTT_PORT, MQTT_GUEST_HOST, MQTT_GUEST_PORT } = config;
  const tcpPlace = { hostname, port: MQTT_PORT };
  const tcp = opened("MQTT_PORT", tcpPlace, () => listenTcp(broker, tcpPlace));
  const tlsPlace = tls && { hostname, ...tls };
  const secured = tlsPlace && opened("MQTT_TLS_PORT", tlsPlace, () => listenTls(broker, tlsPlace));
  const guestPlace =
    MQTT_GUEST_PORT === undefined ? undefined : { hostname: MQTT_GUEST_HOST, port: MQTT_GUEST_PORT, transport: GUESTS };
  const guests = guestPlace && opened("MQTT_GUEST_PORT", guestPlace, () => listenTcp(broker, guestPlace));
  if (guests !== undefined) {
    log.write("info", "broker listens for guests", { host: MQTT_GUEST_HOST, port: guests.port });
  }
  return {
    ports: { tcpPort: tcp.port, tlsPort: secured?.port ?? null },
    listeners: [tcp, secured, guests].filter((listener) => listener !== undefined),
  };
}

function opened(setting: string, place: { hostname: string; port: number }, open: () => Listener): Listener {
  try {
    return open();
  } catch (error) {
    throw new UsageError(
      `Port ${place.port} of ${place.hostname} cannot be listened on for MQTT (${messageOf(error)}). Stop what holds it or set ${setting}.`,
    );
  }
}
