import { useState } from "preact/hooks";
import type { ClientDetail } from "../../src/systems/broker/schema";
import { answerTo, type FaultReport, reportOf } from "../common/api";
import { Dialog } from "../common/dialog";
import { Fault } from "../common/fault";
import { formatBytes, formatNumber, formatTime } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Sure } from "../common/sure";
import { toast } from "../common/toast";

interface ClientDialogProps {
  clientId: string;
  onClose(): void;
  /** Somebody was put out, or a session ended. */
  onChange(): void;
}

/** One client in full, and what can be done about it. */
export function ClientDialog({ clientId, onClose, onChange }: ClientDialogProps) {
  const path = `/api/broker/clients/${encodeURIComponent(clientId)}`;
  const client = useLoaded<ClientDetail>(path);
  const [fault, setFault] = useState<FaultReport>();

  async function act(method: string, to: string, done: string): Promise<void> {
    try {
      await answerTo(to, { method });
      toast(done);
      onClose();
      onChange();
    } catch (thrown) {
      setFault(reportOf(thrown, `${method} ${to}`));
    }
  }
  return (
    <Dialog title={clientId} class="client" onClose={onClose}>
      {fault !== undefined && <Fault report={fault} />}
      <Loading what="this client" loaded={client}>
        {(now) => (
          <>
            <Facts client={now} />
            <Subscriptions subscriptions={now.subscriptions} />
            <div class="row">
              {now.isOnline && (
                <button type="button" onClick={() => act("POST", `${path}/kick`, `${clientId} was disconnected`)}>
                  Disconnect
                </button>
              )}
              {now.isPersistent && (
                <Sure
                  label="End the session"
                  question={`End it, with ${now.subscriptions.length} subscriptions and ${now.queuedMessages} messages that wait?`}
                  onSure={() => act("DELETE", path, `The session of ${clientId} was ended`)}
                />
              )}
              <button type="button" class="quiet" onClick={client.reload}>
                Refresh
              </button>
            </div>
          </>
        )}
      </Loading>
    </Dialog>
  );
}

function Facts({ client }: { client: ClientDetail }) {
  const facts: [name: string, value: string][] = [
    ["State", stateOf(client)],
    ["User", client.username ?? "none"],
    ...(client.isOnline ? onlineFacts(client) : []),
    ["Session", sessionOf(client)],
    ["In flight", `${formatNumber(client.inflight, 0)} messages`],
    ["Queue", `${formatNumber(client.queuedMessages, 0)} messages, ${formatBytes(client.queuedBytes)}`],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function stateOf({ isOnline, isBlocked }: ClientDetail): string {
  if (!isOnline) return "offline";
  return isBlocked ? "connected, and takes no bytes at present" : "connected";
}

function onlineFacts(client: ClientDetail): [name: string, value: string][] {
  return [
    ["Address", `${client.address}, by ${client.transport}, MQTT ${client.version}`],
    ["Connected", `${formatTime(client.connectedAt!)} UTC`],
    ["Last heard", `${formatTime(client.lastHeardAt!)} UTC`],
    ["Unsent", formatBytes(client.outboxBytes)],
  ];
}

function sessionOf({ isPersistent, isOnline, sessionEndsAt }: ClientDetail): string {
  if (!isPersistent) return "ends with the connection";
  if (isOnline) return "stays when the client goes";
  return sessionEndsAt === null ? "waits for the client for ever" : `waits until ${formatTime(sessionEndsAt)} UTC`;
}

function Subscriptions({ subscriptions }: Pick<ClientDetail, "subscriptions">) {
  if (subscriptions.length === 0) return <p class="quiet-text">It has subscribed to nothing.</p>;
  return (
    <section aria-label="Subscriptions">
      <h3>Subscriptions</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <ul class="filters" tabIndex={0} aria-label="Filters">
        {subscriptions.map(({ filter, qos }) => (
          <li key={filter}>
            <code>{filter}</code>
            <span class="quiet-text">QoS {qos}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
