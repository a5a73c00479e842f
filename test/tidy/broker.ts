import { eachImport, importing, importingType, type Rule } from "./rule";

/** The rooms of the broker and what each builds on, in the order of docs/broker.md, "Map". */
const BUILT_ON: Readonly<Record<string, readonly string[]>> = {
  packet: [],
  topic: ["packet"],
  rights: ["packet"],
  state: ["packet", "topic", "rights"],
  delivery: ["packet", "topic", "rights", "state"],
  store: ["packet", "topic", "rights", "state"],
  broker: ["packet", "topic", "rights", "state", "delivery", "store"],
  transport: ["packet", "topic", "rights", "state", "delivery", "store", "broker"],
  bus: ["packet", "topic", "rights", "state", "delivery", "store", "broker"],
};

const roomOf = (path: string) => /^src\/mqtt\/([^/]+?)(\.ts)?(\/|$)/.exec(path)?.[1];

/** Inside the broker. */
export const brokerRules: readonly Rule[] = [
  {
    name: "In the broker imports go `packet <- topic, rights <- state <- delivery, store <- broker <- transport, bus`.",
    offences: eachImport((path, { target }) => {
      const [from, to] = [roomOf(path), roomOf(target)];
      if (from === undefined || to === undefined || from === to || from === "index") return false;
      return BUILT_ON[from]?.includes(to) !== true;
    }),
    refused: [
      { "src/mqtt/packet/a.ts": importing("../topic/rules") },
      { "src/mqtt/state/a.ts": importingType("../delivery/outbox") },
      { "src/mqtt/state/a.ts": importing("../store/memory") },
      { "src/mqtt/delivery/a.ts": importing("../broker/close") },
      { "src/mqtt/delivery/a.ts": importing("../store/sqlite") },
      { "src/mqtt/store/a.ts": importingType("../broker/broker") },
      { "src/mqtt/broker/a.ts": importing("../transport/tcp") },
      { "src/mqtt/broker/a.ts": importing("..") },
      { "src/mqtt/bus/a.ts": importing("../transport/tcp") },
      { "src/mqtt/newRoom/a.ts": importing("../packet/frame") },
    ],
    allowed: [{ "src/mqtt/transport/a.ts": importing("../broker/broker") }],
  },
];
