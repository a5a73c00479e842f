/** Topics of the market: `xenminer/{worker}/{kind}` (docs/market.md, Messages). */

export const REPORT_FILTER = "xenminer/+/+";

const REPORT = /^xenminer\/([^/]+)\/(\w+)$/;
const MAX_ID_LENGTH = 128;

/** Whether an id may stand in a topic of its own. */
export function isWorkerId(id: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not stand there
  return id !== "" && id.length <= MAX_ID_LENGTH && !/[/+#\u0000-\u001f\u007f]/.test(id);
}

/** Worker and kind of a message, undefined when the topic is none of the market's. */
export function readTopic(topic: string): { workerId: string; kind: string } | undefined {
  const match = REPORT.exec(topic);
  if (match === null) return undefined;
  const [, workerId, kind] = match as unknown as [string, string, string];
  return isWorkerId(workerId) ? { workerId, kind } : undefined;
}

/** Where a worker takes its leases from. */
export function taskTopic(workerId: string): string {
  return `xenminer/${workerId}/task`;
}

/** Where a worker takes commands of operators from. */
export function controlTopic(workerId: string): string {
  return `xenminer/${workerId}/control`;
}
