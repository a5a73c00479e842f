export { type Broker, type BrokerOptions, type BrokerStats, createBroker } from "./broker/broker";
export type { ClientInfo, QueueDepths, RetainedInfo } from "./broker/inspect";
export type { InProcessClient, PublishOptions } from "./broker/localClient";
export type { Bus, OnMessage } from "./bus/bus";
export { embeddedBus } from "./bus/embedded";
export { type OutsideOptions, outsideBus } from "./bus/outside";
export { PacketError, Reason, type ReasonCode } from "./packet/reason";
export { type AclRule, authorizeByRules } from "./rights/acl";
export { capturesOf } from "./rights/clientPattern";
export { createLiveRights, type LiveRights, type Rights } from "./rights/liveRights";
export type { Authenticate, Authorize, Credentials, Identity, Verdict } from "./rights/rights";
export type { User } from "./rights/users";
export type { DropReason } from "./state/counters";
export type { BrokerEvents } from "./state/events";
export { DEFAULT_LIMITS, type Limits } from "./state/limits";
export type { LocalMessage, Receive } from "./state/localClient";
export type { Store } from "./state/store";
export { memoryStore } from "./store/memory";
export { sqliteStore } from "./store/sqlite";
export {
  type Listener,
  type ListenOptions,
  listenTcp,
  listenTls,
  type TlsListener,
  type TlsListenOptions,
} from "./transport/tcp";
export { type WebSocketData, type WebSocketHandlers, websocketHandlers } from "./transport/websocket";
