import type { IConnectPacket } from "mqtt-packet";
import type { Qos } from "./mqttDelivery";

/** What a client is like, over all its connections. */
export interface PeerOptions {
  clientId: string;
  version: 4 | 5;
  /** Always begins anew; else it resumes its session. */
  clean: boolean;
  keepAliveSeconds: number;
  /** 5.0 alone: before it a session lasts for ever or not at all. */
  sessionExpirySeconds: number;
  receiveMaximum: number;
  topicAliasMaximum: number;
  /** Does what it is given later, in its order: a client that takes its time to acknowledge. Default: at once. */
  defer?: (action: () => void) => void;
}

export interface Will {
  topic: string;
  payload: string;
  qos: Qos;
  delaySeconds: number;
}

/** The CONNECT of such a client. */
export function connectPacket(options: PeerOptions, will: Will | undefined): IConnectPacket {
  const { clientId, version, clean, keepAliveSeconds, receiveMaximum, topicAliasMaximum } = options;
  const isV5 = version === 5;
  const packet: IConnectPacket = {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: version,
    clientId,
    clean,
    keepalive: keepAliveSeconds,
  };
  if (isV5) {
    packet.properties = { sessionExpiryInterval: options.sessionExpirySeconds, receiveMaximum, topicAliasMaximum };
  }
  if (will !== undefined) {
    const { topic, payload, qos, delaySeconds } = will;
    packet.will = { topic, payload: Buffer.from(payload), qos, retain: false };
    if (isV5) packet.will.properties = { willDelayInterval: delaySeconds };
  }
  return packet;
}
