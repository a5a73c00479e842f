export { type Broker, type BrokerOptions, type BrokerStats, createBroker } from "./broker/broker.ts";
export type { BrokerEvents } from "./broker/events.ts";
export { DEFAULT_LIMITS, type Limits } from "./broker/limits.ts";
export type { InProcessClient, LocalMessage, PublishOptions } from "./broker/localClient.ts";
export { PacketError, Reason, type ReasonCode } from "./packet/reason.ts";
export type { Authenticate, Authorize, Credentials, Identity, Verdict } from "./rights/rights.ts";
export { memoryStore } from "./store/memory.ts";
export type { Store } from "./store/store.ts";
export { type Listener, type ListenOptions, listenTcp, listenTls, type TlsListenOptions } from "./transport/tcp.ts";
