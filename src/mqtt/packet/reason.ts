/** Reason codes of MQTT 5.0 section 2.4 that the broker sends or reads. */
export const Reason = {
  success: 0x00,
  grantedQos1: 0x01,
  grantedQos2: 0x02,
  disconnectWithWill: 0x04,
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
  unspecified: 0x80,
  malformedPacket: 0x81,
  protocolError: 0x82,
  implementationSpecific: 0x83,
  unsupportedProtocolVersion: 0x84,
  clientIdentifierNotValid: 0x85,
  badUserNameOrPassword: 0x86,
  notAuthorized: 0x87,
  serverUnavailable: 0x88,
  serverBusy: 0x89,
  banned: 0x8a,
  serverShuttingDown: 0x8b,
  badAuthenticationMethod: 0x8c,
  keepAliveTimeout: 0x8d,
  sessionTakenOver: 0x8e,
  topicFilterInvalid: 0x8f,
  topicNameInvalid: 0x90,
  packetIdentifierInUse: 0x91,
  packetIdentifierNotFound: 0x92,
  receiveMaximumExceeded: 0x93,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  messageRateTooHigh: 0x96,
  quotaExceeded: 0x97,
  administrativeAction: 0x98,
  payloadFormatInvalid: 0x99,
  connectionRateExceeded: 0x9f,
} as const;

export type ReasonCode = (typeof Reason)[keyof typeof Reason];

/** Why a connection must end: the reason code a 5.0 client is told, and the sentence for the log and the reason string. */
export class PacketError extends Error {
  readonly reason: ReasonCode;
  constructor(reason: ReasonCode, message: string) {
    super(message);
    this.name = "PacketError";
    this.reason = reason;
  }
}

/** The bytes break the rules of encoding: MQTT 5.0 section 4.13.1, "Malformed Packet". */
export function malformed(message: string): PacketError {
  return new PacketError(Reason.malformedPacket, message);
}

/** The bytes are well formed and forbidden here: MQTT 5.0 section 4.13.1, "Protocol Error". */
export function protocolError(message: string): PacketError {
  return new PacketError(Reason.protocolError, message);
}

/** What a CONNACK may refuse with [MQTT-3.2.2-8], of the codes above. */
const REFUSALS: readonly number[] = [
  Reason.unspecified,
  Reason.malformedPacket,
  Reason.protocolError,
  Reason.implementationSpecific,
  Reason.unsupportedProtocolVersion,
  Reason.clientIdentifierNotValid,
  Reason.badUserNameOrPassword,
  Reason.notAuthorized,
  Reason.serverUnavailable,
  Reason.serverBusy,
  Reason.banned,
  Reason.badAuthenticationMethod,
  Reason.topicNameInvalid,
  Reason.packetTooLarge,
  Reason.quotaExceeded,
  Reason.payloadFormatInvalid,
  Reason.connectionRateExceeded,
];

/** The reason code of a CONNACK that refuses: the reason itself, or the nearest that it may name. */
export function refusalCode(reason: ReasonCode): ReasonCode {
  if (reason === Reason.serverShuttingDown) return Reason.serverUnavailable;
  return REFUSALS.includes(reason) ? reason : Reason.unspecified;
}

const V3_RETURN_CODES: { [reason: number]: number } = {
  [Reason.unsupportedProtocolVersion]: 1,
  [Reason.clientIdentifierNotValid]: 2,
  [Reason.serverUnavailable]: 3,
  [Reason.serverBusy]: 3,
  [Reason.quotaExceeded]: 3,
  [Reason.connectionRateExceeded]: 3,
  [Reason.badUserNameOrPassword]: 4,
  [Reason.notAuthorized]: 5,
  [Reason.banned]: 5,
};

/** The CONNACK return code of 3.1.1 (table 3.1) for a reason, or undefined where 3.1.1 has none and just closes. */
export function v3ReturnCode(reason: ReasonCode): number | undefined {
  return V3_RETURN_CODES[reason];
}
