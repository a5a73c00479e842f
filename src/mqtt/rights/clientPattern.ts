/** What a pattern has captured of a client identifier, by name. */
export type Captures = ReadonlyMap<string, string>;

const CAPTURE = /\{(\w+)\}/;
const NOTHING: Captures = new Map();

/**
 * What a pattern such as `miner_{worker}` captures of a client identifier; null where the identifier is not of that
 * pattern. A capture takes one character at least, and of several each as few as will do, from the left. A pattern
 * without one is an identifier, and fits itself alone.
 */
export function capturesOf(pattern: string, clientId: string): Captures | null {
  if (!pattern.includes("{")) return pattern === clientId ? NOTHING : null;
  // Texts stand at even places, names of captures between them.
  const parts = pattern.split(CAPTURE);
  if (!clientId.startsWith(parts[0]!)) return null;
  const captures = new Map<string, string>();
  let at = parts[0]!.length;
  for (let i = 1; i < parts.length; i += 2) {
    const end = endOfCapture(clientId, at, parts[i + 1]!, i + 2 === parts.length);
    if (end === -1) return null;
    captures.set(parts[i]!, clientId.slice(at, end));
    at = end + parts[i + 1]!.length;
  }
  return at === clientId.length ? captures : null;
}

/** Where a capture that begins at `from` ends: before the text behind it, which for the last one ends the identifier. */
function endOfCapture(clientId: string, from: number, text: string, isLast: boolean): number {
  const end = isLast ? clientId.length - text.length : clientId.indexOf(text, from + 1);
  return end > from && clientId.startsWith(text, end) ? end : -1;
}
