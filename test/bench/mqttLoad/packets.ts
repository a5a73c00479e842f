export const PacketType = { connack: 2, publish: 3, puback: 4, suback: 9 } as const;
export const DISCONNECT = Buffer.from([0xe0, 0]);

/** Called with each packet: its type and flags, and where its body lies. */
export type OnPacket = (type: number, flags: number, bytes: Buffer, from: number, to: number) => void;

export function connectPacket(clientId: string, keepAliveS: number): Buffer {
  return packet(0x10, text("MQTT"), Buffer.from([4, 2, keepAliveS >> 8, keepAliveS & 255]), text(clientId));
}

export function subscribePacket(topic: string, qos: number): Buffer {
  return packet(0x82, Buffer.from([0, 1]), text(topic), Buffer.from([qos]));
}

/** A PUBLISH whose identifier and first eight bytes of payload are to be filled in. */
export function publishTemplate(topic: string, qos: number, payloadBytes: number): Buffer {
  const identifier = Buffer.alloc(qos === 0 ? 0 : 2);
  return packet(0x30 | (qos << 1), text(topic), identifier, Buffer.alloc(payloadBytes, "x"));
}

/** PUBACKs of the identifiers, whose bytes stand in pairs. */
export function pubacks(identifiers: readonly number[]): Buffer {
  const out = Buffer.alloc(identifiers.length * 2);
  for (let i = 0; i < identifiers.length; i += 2) {
    out.set([0x40, 2, identifiers[i]!, identifiers[i + 1]!], i * 2);
  }
  return out;
}

/** Cuts a stream into packets. */
export function createCutter(onPacket: OnPacket): (chunk: Buffer) => void {
  let rest: Buffer | undefined;
  return (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (;;) {
      const body = bodyAt(bytes, at);
      if (body === undefined) break;
      onPacket(bytes[at]! >> 4, bytes[at]! & 15, bytes, body.from, body.to);
      at = body.to;
    }
    rest = at < bytes.length ? bytes.subarray(at) : undefined;
  };
}

/** Where the body of the packet at a place lies; undefined while it has not come whole. */
function bodyAt(bytes: Buffer, at: number): { from: number; to: number } | undefined {
  let length = 0;
  for (let i = 1, scale = 1; i <= 4 && at + i < bytes.length; i++, scale *= 128) {
    const byte = bytes[at + i]!;
    length += (byte & 127) * scale;
    if (byte >= 128) continue;
    const from = at + i + 1;
    return bytes.length - from < length ? undefined : { from, to: from + length };
  }
  return undefined;
}

function packet(firstByte: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let left = body.length; left > 0 || length.length === 0; left = Math.floor(left / 128)) {
    length.push(left >= 128 ? (left % 128) | 128 : left);
  }
  return Buffer.concat([Buffer.from([firstByte, ...length]), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}
