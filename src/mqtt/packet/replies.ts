import { generate, type IConnackPacket, type IDisconnectPacket, writeToStream } from "mqtt-packet";
import { type Frame, varintSize, wholeFrame } from "./frame";
import { type ReasonCode, refusalCode, v3ReturnCode } from "./reason";

// It would make 65,536 buffers, one per packet identifier, at the first packet.
writeToStream.cacheNumbers = false;

/** Properties of a CONNACK that the broker sends. */
export type ConnackProperties = NonNullable<IConnackPacket["properties"]>;

/** CONNACK that lets a client in. */
export function connackFrame(version: number, sessionPresent: boolean, properties: ConnackProperties): Frame {
  // In 3.1 that byte is reserved.
  if (version !== 5) return wholeFrame(new Uint8Array([0x20, 2, sessionPresent && version !== 3 ? 1 : 0, 0]));
  return wholeFrame(generate({ cmd: "connack", sessionPresent, reasonCode: 0, properties }, { protocolVersion: 5 }));
}

/** CONNACK that refuses a client, or null where its version has no return code for the reason and is just closed. */
export function refusalFrame(version: number, reason: ReasonCode, message: string | undefined): Frame | null {
  if (version !== 5) {
    const returnCode = v3ReturnCode(refusalCode(reason));
    return returnCode === undefined ? null : wholeFrame(new Uint8Array([0x20, 2, 0, returnCode]));
  }
  const packet: IConnackPacket = {
    cmd: "connack",
    sessionPresent: false,
    reasonCode: refusalCode(reason),
    properties: reasonProperties(message),
  };
  return wholeFrame(generate(packet, { protocolVersion: 5 }));
}

/** SUBACK: one code per filter, in their order [MQTT-3.8.4-6]. */
export function subackFrame(version: number, messageId: number, granted: number[]): Frame {
  return wholeFrame(generate({ cmd: "suback", messageId, granted }, { protocolVersion: version }));
}

/** UNSUBACK; the codes are 5.0's. */
export function unsubackFrame(version: number, messageId: number, granted: number[]): Frame {
  return wholeFrame(generate({ cmd: "unsuback", messageId, granted }, { protocolVersion: version }));
}

/** DISCONNECT from the server, which only 5.0 has; without a message it is three bytes long. */
export function disconnectFrame(reason: ReasonCode, message: string | undefined): Frame {
  const packet: IDisconnectPacket = { cmd: "disconnect", reasonCode: reason, properties: reasonProperties(message) };
  return wholeFrame(generate(packet, { protocolVersion: 5 }));
}

function reasonProperties(message: string | undefined): { reasonString?: string } {
  return message === undefined ? {} : { reasonString: message };
}

/** The bytes of a SUBACK or UNSUBACK of a 5.0 connection for that many filters. */
export function answerSize(filters: number): number {
  const remaining = 3 + filters;
  return 1 + varintSize(remaining) + remaining;
}
