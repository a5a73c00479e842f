/** Reason codes of MQTT 5.0 (2.4) in words, as far as they reach somebody who publishes and subscribes in a page. */
const WORDS: { [reason: number]: string } = {
  16: "nobody has subscribed to it",
  133: "the client identifier is not valid",
  134: "the user name or password is wrong",
  135: "not authorized",
  136: "the broker is not available",
  137: "the broker is busy",
  138: "shut out for a time",
  139: "the broker is shutting down",
  141: "nothing was heard of this page for too long",
  142: "another connection took over this client identifier",
  143: "the filter is not valid",
  144: "the topic is not valid",
  149: "the packet is too large",
  150: "too many messages in too short a time",
  151: "a quota is exceeded",
  152: "disconnected by an operator",
  153: "the payload is not of its format",
};

/** From here on a reason code is a failure. */
const FAILURE_FROM = 128;

export function isFailure(reason: number): boolean {
  return reason >= FAILURE_FROM;
}

/** What a reason means; in the broker's own words where it is a rare one. */
export function reasonWords(reason: number, brokersWords: string): string {
  const code = `reason code 0x${reason.toString(16).padStart(2, "0")}`;
  return WORDS[reason] ?? (brokersWords === "" ? code : brokersWords);
}
