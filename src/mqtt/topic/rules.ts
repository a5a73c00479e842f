import { malformed, PacketError, protocolError, Reason } from "../packet/reason";

/** How long and how deep a topic may be. */
export interface TopicLimits {
  topicBytes: number;
  topicLevels: number;
}

/** A topic filter taken apart. */
export interface ParsedFilter {
  /** Levels of the filter, without `$share/<group>`. */
  levels: string[];
  /** The name of the shared subscription's group, or null. */
  group: string | null;
}

const SHARE_PREFIX = "$share/";

/** Topics that begin with `$` are not matched by a filter that begins with a wildcard [MQTT-4.7.2-1]. */
export function isHidden(topic: string): boolean {
  return topic.charCodeAt(0) === 0x24;
}

/** First levels that mean something to this broker, or to one it is bridged to: no right makes them a client's to write to. */
const RESERVED = ["$SYS", "$share", "$queue", "$delayed", "$CONTROL"];

/** Whether a topic is the broker's own, such as all below `$SYS`. */
export function isReserved(topic: string): boolean {
  return isHidden(topic) && RESERVED.includes(topic.split("/", 1)[0]!);
}

// The codes "topic name invalid" and "topic filter invalid" are for what is well formed and not accepted here (3.14.2.1).

/** Throws unless `name` is a topic name: not empty [MQTT-4.7.3-1], no wildcard [MQTT-3.3.2-2], within the limits. */
export function checkTopicName(name: string, limits: TopicLimits): void {
  if (name === "") throw protocolError("topic name is empty");
  if (name.includes("+") || name.includes("#")) throw malformed("topic name has a wildcard");
  checkSize(name, limits, Reason.topicNameInvalid);
}

/**
 * Takes a topic filter apart. Throws unless `#` stands last and alone [MQTT-4.7.1-1] and `+` alone in its level
 * [MQTT-4.7.1-2], and, for a shared one, unless the group's name is not empty [MQTT-4.8.2-1], free of wildcards
 * [MQTT-4.8.2-2] and followed by a filter.
 */
export function parseFilter(filter: string, limits: TopicLimits): ParsedFilter {
  checkSize(filter, limits, Reason.topicFilterInvalid);
  if (filter === "") throw protocolError("topic filter is empty");
  if (!filter.startsWith(SHARE_PREFIX)) return { levels: checkedLevels(filter), group: null };
  const slash = filter.indexOf("/", SHARE_PREFIX.length);
  const group = slash === -1 ? "" : filter.slice(SHARE_PREFIX.length, slash);
  if (group === "" || group.includes("+") || group.includes("#")) {
    throw malformed("shared subscription without a proper group name");
  }
  const rest = filter.slice(slash + 1);
  if (rest === "") throw malformed("shared subscription without a topic filter");
  return { levels: checkedLevels(rest), group };
}

function checkedLevels(filter: string): string[] {
  const levels = filter.split("/");
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i]!;
    if (level.includes("#") && (level !== "#" || i !== levels.length - 1)) {
      throw malformed("# does not stand alone at the end of the topic filter");
    }
    if (level.includes("+") && level !== "+") throw malformed("+ does not stand alone in its level");
  }
  return levels;
}

function checkSize(
  topic: string,
  limits: TopicLimits,
  reason: typeof Reason.topicNameInvalid | typeof Reason.topicFilterInvalid,
): void {
  if (topic.length > limits.topicBytes || Buffer.byteLength(topic) > limits.topicBytes) {
    throw new PacketError(reason, `topic is longer than ${limits.topicBytes} bytes`);
  }
  let levels = 1;
  for (let at = topic.indexOf("/"); at !== -1; at = topic.indexOf("/", at + 1)) levels++;
  if (levels > limits.topicLevels) {
    throw new PacketError(reason, `topic has ${levels} levels; the limit is ${limits.topicLevels}`);
  }
}

/** Whether a topic name is matched by the levels of a filter; the definition that the tree is held to. */
export function matches(levels: readonly string[], topic: string): boolean {
  const names = topic.split("/");
  if (isHidden(topic) && (levels[0] === "+" || levels[0] === "#")) return false;
  for (let i = 0; i < levels.length; i++) {
    if (levels[i] === "#") return true;
    if (i >= names.length || (levels[i] !== "+" && levels[i] !== names[i])) return false;
  }
  return levels.length === names.length;
}
