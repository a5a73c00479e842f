import { sendWhole } from "../delivery/outbox";
import type { SubscribePacket, UnsubscribePacket } from "../packet/parse";
import { PacketError, protocolError, Reason } from "../packet/reason";
import { answerSize, subackFrame, unsubackFrame } from "../packet/replies";
import { type Connection, Waits } from "../state/connection";
import type { Core } from "../state/core";
import { Overload } from "../state/overload";
import type { Session, Subscription } from "../state/session";
import { type ParsedFilter, parseFilter } from "../topic/rules";
import { beginWalk, walkOn } from "./retainedWalk";
import { addSubscription, removeSubscription } from "./subscriptions";
import { sendStatistics } from "./sysTopics";

/** One entry of a SUBSCRIBE. */
type SubscriptionRequest = SubscribePacket["subscriptions"][number];

const V3_FAILURE = 0x80;
const NO_IDS: readonly number[] = [];

/** SUBSCRIBE: each filter has an answer of its own; the SUBACK goes before any message it leads to. */
export function onSubscribe(core: Core, connection: Connection, packet: SubscribePacket): void {
  checkAnswerFits(connection, packet.subscriptions.length);
  const session = connection.session!;
  const identifier = packet.properties?.subscriptionIdentifier;
  const ids = identifier === undefined ? NO_IDS : [identifier];
  // All filters are looked at before the first takes effect: a packet that is refused has done nothing.
  const parsed = packet.subscriptions.map((asked) => parseAsked(core, asked));
  // By filter: one that stands there twice has replaced itself.
  const retained = new Map<string, Subscription>();
  const codes = packet.subscriptions.map((asked, i) => subscribe(core, session, asked, parsed[i]!, ids, retained));
  if (session.persistent) connection.waits |= Waits.store;
  const granted = connection.version === 5 ? codes : codes.map((code) => (code >= 0x80 ? V3_FAILURE : code));
  sendWhole(core, connection, subackFrame(connection.version, packet.messageId!, granted));
  for (const subscription of retained.values()) {
    sendStatistics(core, subscription);
    beginWalk(core, subscription);
  }
  if (retained.size > 0) walkOn(core);
}

/** A request whose answer would be larger than its client takes cannot be answered, so nothing comes of it [MQTT-3.1.2-24]. */
function checkAnswerFits({ version, maxOutBytes }: Connection, filters: number): void {
  if (version !== 5 || answerSize(filters) <= maxOutBytes) return;
  throw new PacketError(Reason.packetTooLarge, `the answer for ${filters} filters is larger than ${maxOutBytes} bytes`);
}

function parseAsked(core: Core, asked: SubscriptionRequest): ParsedFilter {
  const parsed = parseFilter(asked.topic, core.limits);
  // [MQTT-3.8.3-4]
  if (parsed.group !== null && asked.nl === true) throw protocolError("no local on a shared subscription");
  return parsed;
}

function subscribe(
  core: Core,
  session: Session,
  asked: SubscriptionRequest,
  parsed: ParsedFilter,
  ids: readonly number[],
  retained: Map<string, Subscription>,
): number {
  const { identity } = session;
  const { levels, group } = parsed;
  if (core.authorize !== null && !core.authorize(identity, "subscribe", levels.join("/"))) {
    core.emit("denied", { identity, action: "subscribe", topic: asked.topic });
    return Reason.notAuthorized;
  }
  const count = session.subscriptions?.size ?? 0;
  const isNew = session.subscriptions?.has(asked.topic) !== true;
  const isTooMany = count >= core.limits.subscriptionsPerSession || core.overload >= Overload.refuseGrowth;
  if (isNew && isTooMany) return Reason.quotaExceeded;
  const subscription: Subscription = {
    session,
    filter: asked.topic,
    levels,
    group: null,
    qos: asked.qos,
    noLocal: asked.nl ?? false,
    retainAsPublished: asked.rap ?? false,
    retainHandling: asked.rh ?? 0,
    ids,
  };
  addSubscription(core, subscription, group);
  if (session.persistent) core.store.putSubscription(subscription);
  core.emit("subscribed", { identity, filter: asked.topic, qos: asked.qos });
  if (group === null && wantsRetained(subscription, isNew || retained.has(asked.topic))) {
    retained.set(asked.topic, subscription);
  } else retained.delete(asked.topic);
  return asked.qos;
}

/** [MQTT-3.3.1-9] to [MQTT-3.3.1-11]; a shared subscription gets none (4.8.2). */
function wantsRetained(subscription: Subscription, isNew: boolean): boolean {
  return subscription.retainHandling === 0 || (subscription.retainHandling === 1 && isNew);
}

/** UNSUBSCRIBE: nothing new comes under these filters; what is on its way arrives [MQTT-3.10.4-2]. */
export function onUnsubscribe(core: Core, connection: Connection, packet: UnsubscribePacket): void {
  checkAnswerFits(connection, packet.unsubscriptions.length);
  const session = connection.session!;
  const codes = packet.unsubscriptions.map((filter) => {
    const removed = removeSubscription(core, session, filter);
    if (removed === undefined) return Reason.noSubscriptionExisted;
    if (session.persistent) core.store.dropSubscription(removed);
    core.emit("unsubscribed", { identity: session.identity, filter });
    return Reason.success;
  });
  if (session.persistent) connection.waits |= Waits.store;
  sendWhole(core, connection, unsubackFrame(connection.version, packet.messageId!, codes));
}
