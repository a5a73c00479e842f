/** Who sends an input: a peer instead of its CONNECT, or a client of that level that has been let in. */
export type Sender = "first" | 4 | 5;

/**
 * How it ends. A number: the connection is closed, with this reason code in CONNACK or DISCONNECT (3.1.1 has no
 * DISCONNECT, and is just closed). `closed`: without a word. `stays`: nothing comes of it, and the client goes on.
 */
export type End = number | "closed" | "stays";

const MALFORMED = 0x81;
const PROTOCOL_ERROR = 0x82;
const FILTER_INVALID = 0x8f;
const TOPIC_INVALID = 0x90;
const RECEIVE_MAXIMUM = 0x93;
const ALIAS_INVALID = 0x94;
const TOO_LARGE = 0x95;
const QUOTA = 0x97;

/** One row per input: its file, who sends it, and its end. The file says what is wrong with it. */
export const INPUTS: [file: string, senders: Sender[], end: End][] = [
  ["first-publish", ["first"], "closed"],
  ["first-publish-huge", ["first"], "closed"],
  ["first-subscribe", ["first"], "closed"],
  ["first-connack", ["first"], "closed"],
  ["first-auth", ["first"], "closed"],
  ["tls-hello", ["first"], "closed"],
  ["http-get", ["first"], "closed"],
  ["http-post", ["first"], "closed"],
  ["ssh-banner", ["first"], "closed"],

  ["connect-huge", ["first"], "closed"],
  ["connect-length-of-five-bytes", ["first"], "closed"],
  ["connect-empty", ["first"], "closed"],
  ["connect-flags", ["first"], "closed"],
  ["connect-unknown-name", ["first"], 1],
  ["connect-long-name", ["first"], "closed"],
  ["connect-level-6", ["first"], 1],
  ["connect-level-5-of-mqisdp", ["first"], 1],
  ["connect-reserved-flag", ["first"], "closed"],
  ["connect-will-qos-3", ["first"], "closed"],
  ["connect-will-qos-without-will", ["first"], "closed"],
  ["connect-password-without-user", ["first"], "closed"],
  ["connect-empty-id-without-clean-session", ["first"], 2],
  ["connect-id-no-utf8", ["first"], "closed"],
  ["connect-id-null", ["first"], MALFORMED],
  ["connect-id-surrogate", ["first"], MALFORMED],
  ["connect-id-too-long", ["first"], 2],
  ["connect-id-cut", ["first"], MALFORMED],
  ["connect-user-missing", ["first"], MALFORMED],
  ["connect-trailing-bytes", ["first"], MALFORMED],
  ["connect-second", ["first"], "closed"],
  ["connect-20000-user-properties", ["first"], "closed"],
  ["connect-65-user-properties", ["first"], QUOTA],
  ["connect-property-twice", ["first"], PROTOCOL_ERROR],
  ["connect-property-unknown", ["first"], MALFORMED],
  ["connect-property-of-publish", ["first"], PROTOCOL_ERROR],
  ["connect-properties-too-long", ["first"], MALFORMED],
  ["connect-properties-padded", ["first"], MALFORMED],
  ["connect-receive-maximum-0", ["first"], PROTOCOL_ERROR],
  ["connect-packet-size-0", ["first"], PROTOCOL_ERROR],
  ["connect-auth-data-alone", ["first"], PROTOCOL_ERROR],
  ["connect-auth-method", ["first"], 0x8c],
  ["connect-will-property-of-connect", ["first"], PROTOCOL_ERROR],
  ["connect-will-property-twice", ["first"], PROTOCOL_ERROR],
  ["connect-will-property-cut", ["first"], MALFORMED],
  ["connect-will-topic-empty", ["first"], PROTOCOL_ERROR],
  ["connect-will-topic-wildcard", ["first"], MALFORMED],
  ["connect-will-topic-no-utf8", ["first"], MALFORMED],

  ...atEachLevel("publish-empty-topic", PROTOCOL_ERROR),
  ...atEachLevel("publish-wildcard", MALFORMED),
  ...atEachLevel("publish-topic-null", MALFORMED),
  ...atEachLevel("publish-topic-no-utf8", MALFORMED),
  ...atEachLevel("publish-topic-overlong", MALFORMED),
  ...atEachLevel("publish-topic-beyond-packet", MALFORMED),
  ...atEachLevel("publish-65536-levels", TOPIC_INVALID),
  ...atEachLevel("publish-65-levels", TOPIC_INVALID),
  ...atEachLevel("publish-long-topic", TOPIC_INVALID),
  ...atEachLevel("publish-packet-id-0", PROTOCOL_ERROR),
  ...atEachLevel("publish-cut-before-packet-id", MALFORMED),
  ...atEachLevel("publish-qos-3", MALFORMED),
  ...atEachLevel("publish-dup-qos-0", MALFORMED),
  ...atEachLevel("publish-2-mib", TOO_LARGE),
  ...atEachLevel("publish-256-mb", TOO_LARGE),
  ...atEachLevel("publish-length-of-five-bytes", MALFORMED),
  ...atEachLevel("publish-to-sys", "stays"),
  ...atEachLevel("publish-qos-2-same-id", "stays"),
  ...atEachLevel("publish-qos-2-all-ids", RECEIVE_MAXIMUM),
  ["publish-cut-in-properties", [5], MALFORMED],
  ["publish-65-user-properties", [5], QUOTA],
  ["publish-20000-user-properties", [5], QUOTA],
  ["publish-alias-0", [5], ALIAS_INVALID],
  ["publish-alias-too-large", [5], ALIAS_INVALID],
  ["publish-alias-unknown", [5], PROTOCOL_ERROR],
  ["publish-subscription-identifier", [5], PROTOCOL_ERROR],
  ["publish-payload-format-lie", [5], 0x99],
  ["publish-response-topic-wildcard", [5], MALFORMED],
  ["publish-content-type-no-utf8", [5], MALFORMED],

  ...atEachLevel("subscribe-without-filter", PROTOCOL_ERROR),
  ...atEachLevel("subscribe-without-options", MALFORMED),
  ...atEachLevel("subscribe-second-without-options", MALFORMED),
  ...atEachLevel("subscribe-packet-id-0", PROTOCOL_ERROR),
  ...atEachLevel("subscribe-qos-3", MALFORMED),
  ...atEachLevel("subscribe-reserved-bits", MALFORMED),
  ...atEachLevel("subscribe-hash-in-the-middle", MALFORMED),
  ...atEachLevel("subscribe-plus-in-a-name", MALFORMED),
  ...atEachLevel("subscribe-empty-filter", PROTOCOL_ERROR),
  ...atEachLevel("subscribe-filter-no-utf8", MALFORMED),
  ...atEachLevel("subscribe-65536-levels", FILTER_INVALID),
  ...atEachLevel("subscribe-flags-0", MALFORMED),
  ...atEachLevel("subscribe-250000-filters", QUOTA),
  ["subscribe-share-without-name", [5], MALFORMED],
  ["subscribe-share-without-filter", [5], MALFORMED],
  ["subscribe-share-no-local", [5], PROTOCOL_ERROR],
  ["subscribe-retain-handling-3", [5], PROTOCOL_ERROR],
  ["subscribe-identifier-0", [5], PROTOCOL_ERROR],
  ["subscribe-identifier-twice", [5], PROTOCOL_ERROR],
  ...atEachLevel("unsubscribe-without-filter", PROTOCOL_ERROR),
  ...atEachLevel("unsubscribe-packet-id-0", PROTOCOL_ERROR),
  ...atEachLevel("unsubscribe-empty-filter", PROTOCOL_ERROR),
  ...atEachLevel("unsubscribe-250000-filters", QUOTA),

  ["puback-packet-id-0", [4, 5], PROTOCOL_ERROR],
  ["pubrec-packet-id-0", [4, 5], PROTOCOL_ERROR],
  ["pubrel-packet-id-0", [4, 5], PROTOCOL_ERROR],
  ["pubcomp-packet-id-0", [4, 5], PROTOCOL_ERROR],
  ["puback-cut", [4, 5], MALFORMED],
  ["pubrec-cut", [4, 5], MALFORMED],
  ["pubrel-cut", [4, 5], MALFORMED],
  ["pubcomp-cut", [4, 5], MALFORMED],
  ["puback-unknown", [4, 5], "stays"],
  ["pubrec-unknown", [4, 5], "stays"],
  ["pubrel-unknown", [4, 5], "stays"],
  ["pubcomp-unknown", [4, 5], "stays"],
  ["pubrel-flags-0", [4, 5], MALFORMED],
  ["puback-long-v4", [4], "closed"],
  ["puback-bad-property", [5], PROTOCOL_ERROR],

  ["server-only-connack", [4, 5], PROTOCOL_ERROR],
  ["server-only-suback", [4, 5], PROTOCOL_ERROR],
  ["server-only-unsuback", [4, 5], PROTOCOL_ERROR],
  ["server-only-pingresp", [4, 5], PROTOCOL_ERROR],
  ["reserved-type-0", [4, 5], PROTOCOL_ERROR],
  ["auth-unasked", [4, 5], PROTOCOL_ERROR],
  ["pingreq-with-body", [4, 5], PROTOCOL_ERROR],
  ["disconnect-with-body-v4", [4], "closed"],
  ["disconnect-flags", [4, 5], MALFORMED],
  ["disconnect-prolongs", [5], PROTOCOL_ERROR],
];

/** The same fault, written once for each level: 5.0 has a block of properties where 3.1.1 has none. */
function atEachLevel(name: string, end: End): [string, Sender[], End][] {
  return [
    [`${name}-v4`, [4], end],
    [`${name}-v5`, [5], end],
  ];
}
