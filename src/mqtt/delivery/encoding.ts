import type { Frame } from "../packet/frame";
import type { Qos } from "../packet/publish";
import type { Connection } from "../state/connection";
import type { Core } from "../state/core";
import { drop } from "../state/drop";
import { formOf, type Message, ownFrame, secondsLeft, sharedFrame } from "../state/message";

/**
 * The encoding of a message for one connection: the shared one unless this receiver gets properties of its own. Null
 * where it is larger than the client takes, which counts as delivered [MQTT-3.1.2-25].
 */
export function frameFor(
  core: Core,
  connection: Connection,
  message: Message,
  qos: Qos,
  ids: readonly number[],
): Frame | null {
  const frame = needsOwnFrame(connection, message, ids)
    ? personalFrame(core, connection, message, qos, ids)
    : sharedFrame(message, formOf(connection.version, qos));
  if (frame.bytes.length <= connection.maxOutBytes) return frame;
  drop(core, connection.session!, "too_large");
  return null;
}

function needsOwnFrame(connection: Connection, message: Message, ids: readonly number[]): boolean {
  if (connection.version !== 5) return false;
  return ids.length > 0 || message.expiresAtMs !== 0 || connection.v5!.aliasesOutMax > 0;
}

const NO_TOPIC = new Uint8Array(0);

function personalFrame(
  core: Core,
  connection: Connection,
  message: Message,
  qos: Qos,
  subscriptionIds: readonly number[],
): Frame {
  const { name, bytes } = message.topic;
  const expirySeconds = secondsLeft(message, core.clock.now());
  const v5 = connection.v5!;
  const known = v5.aliasesOut?.get(name);
  const topicAlias = known ?? nextAlias(v5.aliasesOut?.size ?? 0, v5.aliasesOutMax);
  const added = { expirySeconds, topicAlias, subscriptionIds };
  const frame = ownFrame(message, qos, added, known === undefined ? bytes : NO_TOPIC);
  if (known === undefined && topicAlias !== 0 && frame.bytes.length <= connection.maxOutBytes) {
    v5.aliasesOut ??= new Map();
    v5.aliasesOut.set(name, topicAlias);
  }
  return frame;
}

/** The first topics a connection is sent get its aliases and keep them; 0: there are none left. */
function nextAlias(given: number, max: number): number {
  return given < max ? given + 1 : 0;
}
