import { useState } from "preact/hooks";
import { formatNumber } from "../common/format";
import { useStore } from "../common/store";
import { choiceCodec, textCodec, useUrlState } from "../common/url-state";
import type { PageQos } from "./mqtt/packets";
import { pageClient } from "./page-client";

const QOS_NAMES = ["0", "1"] as const;
const MAX_TOPIC = 1024;
const encoder = new TextEncoder();

/** What was done, or why it could not be; `undefined` before the first try. */
interface Outcome {
  isFault: boolean;
  words: string;
}

/** Runs one action at a time and remembers how it ended. */
function useAction(): { outcome: Outcome | undefined; running: boolean; run(action: () => Promise<string>): void } {
  const [outcome, setOutcome] = useState<Outcome>();
  const [running, setRunning] = useState(false);
  async function run(action: () => Promise<string>): Promise<void> {
    setRunning(true);
    try {
      setOutcome({ isFault: false, words: await action() });
    } catch (thrown) {
      setOutcome({ isFault: true, words: (thrown as Error).message });
    } finally {
      setRunning(false);
    }
  }
  return { outcome, running, run: (action) => void run(action) };
}

function OutcomeWords({ outcome }: { outcome: Outcome | undefined }) {
  return (
    <p class={outcome?.isFault ? "wrong outcome" : "quiet-text outcome"} role="status">
      {outcome?.words}
    </p>
  );
}

/** Subscribes, and lists what was subscribed to. */
export function SubscribeForm() {
  const [filter, setFilter] = useUrlState("filter", textCodec("#"));
  const [qos, setQos] = useUrlState("filter.qos", choiceCodec(QOS_NAMES, "0"));
  const { subscriptions } = useStore(pageClient.state);
  const { outcome, running, run } = useAction();
  return (
    <section class="panel" aria-label="Subscribe">
      <h2>Subscribe</h2>
      <form
        class="try-form"
        onSubmit={(event) => {
          event.preventDefault();
          run(async () => {
            await pageClient.subscribe(filter, qosOf(qos));
            return `Subscribed to ${filter}.`;
          });
        }}
      >
        <TopicField
          label="Filter"
          value={filter}
          onValue={setFilter}
          placeholder="such as xenminer/+/heartbeat, or #"
        />
        <QosChoice label="Quality of service" qos={qos} onQos={setQos} />
        <button type="submit" class="primary" disabled={running || filter === ""}>
          Subscribe
        </button>
      </form>
      <OutcomeWords outcome={outcome} />
      {subscriptions.length > 0 && (
        <ul class="filters" aria-label="Subscribed to">
          {subscriptions.map((subscription) => (
            <li key={subscription.filter}>
              <code>{subscription.filter}</code>
              <span class="quiet-text">QoS {subscription.qos}</span>
              <button
                type="button"
                class="quiet"
                aria-label={`Unsubscribe from ${subscription.filter}`}
                onClick={() =>
                  run(async () => {
                    await pageClient.unsubscribe(subscription.filter);
                    return `Unsubscribed from ${subscription.filter}.`;
                  })
                }
              >
                Unsubscribe
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const RETAIN = ["false", "true"] as const;

/** Publishes one message and says what the broker made of it. */
export function PublishForm() {
  const [topic, setTopic] = useUrlState("topic", textCodec("test/hello"));
  const [qos, setQos] = useUrlState("topic.qos", choiceCodec(QOS_NAMES, "1"));
  const [retain, setRetain] = useUrlState("retain", choiceCodec(RETAIN, "false"));
  const [payload, setPayload] = useState("hello");
  const { outcome, running, run } = useAction();
  async function publish(): Promise<string> {
    const startedMs = performance.now();
    await pageClient.publish(topic, encoder.encode(payload), { qos: qosOf(qos), retain: retain === "true" });
    if (qos === "0") return "Sent; with QoS 0 nobody says whether it came.";
    return `The broker has it, after ${formatNumber(performance.now() - startedMs, 1)} ms.`;
  }
  return (
    <section class="panel" aria-label="Publish">
      <h2>Publish</h2>
      <form
        class="try-form"
        onSubmit={(event) => {
          event.preventDefault();
          run(publish);
        }}
      >
        <TopicField label="Topic" value={topic} onValue={setTopic} placeholder="such as test/hello" />
        <label>
          Payload
          <textarea rows={3} value={payload} onInput={(event) => setPayload(event.currentTarget.value)} />
        </label>
        <QosChoice label="Quality of service" qos={qos} onQos={setQos} />
        <label class="check">
          <input
            type="checkbox"
            checked={retain === "true"}
            onChange={(event) => setRetain(event.currentTarget.checked ? "true" : "false")}
          />
          Retained for whoever subscribes later
        </label>
        <button type="submit" class="primary" disabled={running || topic === ""}>
          Publish
        </button>
      </form>
      <OutcomeWords outcome={outcome} />
    </section>
  );
}

function TopicField(props: { label: string; value: string; placeholder: string; onValue(value: string): void }) {
  return (
    <label>
      {props.label}
      <input
        type="text"
        class="mono"
        spellcheck={false}
        autocapitalize="off"
        value={props.value}
        maxLength={MAX_TOPIC}
        placeholder={props.placeholder}
        onInput={(event) => props.onValue(event.currentTarget.value)}
      />
    </label>
  );
}

type QosName = (typeof QOS_NAMES)[number];

function QosChoice({ label, qos, onQos }: { label: string; qos: QosName; onQos(qos: QosName): void }) {
  return (
    <label>
      {label}
      <select value={qos} onChange={(event) => onQos(event.currentTarget.value as QosName)}>
        <option value="0">0: at most once</option>
        <option value="1">1: at least once</option>
      </select>
    </label>
  );
}

function qosOf(name: QosName): PageQos {
  return name === "1" ? 1 : 0;
}
