import { type Broker, PacketError, type RetainedInfo } from "../../../mqtt";
import { RequestError } from "../../../platform/errors";
import { inTurns } from "../../../platform/inTurns";
import type { RetainedPage, RetainedQuery } from "../schema";

const MAX_SHOWN_BYTES = 1024;

/**
 * Some of the retained messages whose topics begin with the prefix.
 * @throws RequestError 422 for a prefix that no topic can begin with by the broker's limits.
 */
export async function listRetained(broker: Broker, { prefix, offset, limit }: RetainedQuery): Promise<RetainedPage> {
  const page: RetainedPage = { total: 0, messages: [] };
  // No topic holds a wildcard [MQTT-3.3.2-2], so nothing begins with such a prefix.
  if (/[+#]/.test(prefix)) return page;
  const filter = `${prefix.slice(0, prefix.lastIndexOf("/") + 1)}#`;
  try {
    for await (const message of inTurns(broker.eachRetained(filter))) {
      if (!message.topic.startsWith(prefix)) continue;
      if (page.total >= offset && page.messages.length < limit) page.messages.push(retainedRow(message));
      page.total++;
    }
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    throw new RequestError(422, `prefix: ${error.message}`);
  }
  return page;
}

function retainedRow({
  topic,
  qos,
  payload,
  payloadBytes,
  publisherId,
}: RetainedInfo): RetainedPage["messages"][number] {
  const shown = Buffer.from(payload.subarray(0, MAX_SHOWN_BYTES));
  return { topic, qos, payloadBase64: shown.toString("base64"), payloadBytes, publisherId };
}
