import { type Broker, type Listener, listenTcp, listenTls } from "../../mqtt";
import { messageOf, UsageError } from "../../platform/errors";
import type { Platform } from "../../platform/platform";
import { GUESTS } from "./rights/guests";
import { type Certificate, followCertificate } from "./tls";
import type { ListenPorts } from "./views/overview";

/** Opens the ports that the settings ask for; `follow` has SIGHUP read the certificate again. @throws UsageError that names the setting of one that is taken. */
export function listen(
  broker: Broker,
  { config, log }: Pick<Platform, "config" | "log">,
  tls: Certificate,
): { ports: ListenPorts; listeners: Listener[]; follow: () => () => void } {
  const { HOST: hostname, MQTT_PORT, MQTT_GUEST_HOST, MQTT_GUEST_PORT } = config;
  const tcpPlace = { hostname, port: MQTT_PORT };
  const tcp = opened("MQTT_PORT", tcpPlace, () => listenTcp(broker, tcpPlace));
  const tlsPlace = tls.files && { hostname, ...tls.files };
  const secured = tlsPlace && opened("MQTT_TLS_PORT", tlsPlace, () => listenTls(broker, tlsPlace));
  const guestPlace =
    MQTT_GUEST_PORT === undefined ? undefined : { hostname: MQTT_GUEST_HOST, port: MQTT_GUEST_PORT, transport: GUESTS };
  const guests = guestPlace && opened("MQTT_GUEST_PORT", guestPlace, () => listenTcp(broker, guestPlace));
  if (guests !== undefined) {
    log.write("info", "broker listens for guests", { host: MQTT_GUEST_HOST, port: guests.port });
  }
  return {
    ports: { tcpPort: tcp.port, tlsPort: secured?.port ?? null },
    follow: () => (secured === undefined ? () => undefined : followCertificate(config, tls, secured, log)),
    listeners: [tcp, secured, guests].filter((listener) => listener !== undefined),
  };
}

function opened<Opened extends Listener>(
  setting: string,
  place: { hostname: string; port: number },
  open: () => Opened,
): Opened {
  try {
    return open();
  } catch (error) {
    throw new UsageError(
      `Port ${place.port} of ${place.hostname} cannot be listened on for MQTT (${messageOf(error)}). Stop what holds it or set ${setting}.`,
    );
  }
}
