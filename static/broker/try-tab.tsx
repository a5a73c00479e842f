import { useState } from "preact/hooks";
import { Badge } from "../common/badge";
import { formatBytes, formatNumber, formatTime } from "../common/format";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { FormChoice, useForm } from "./form-choice";
import type { ShownMessage } from "./inbox";
import { MessageDialog } from "./message-dialog";
import { pageClient } from "./page-client";
import { type Form, PayloadCell } from "./payload";
import { PublishForm, SubscribeForm } from "./try-forms";

/** A client of the broker in the page: publish, subscribe, and read what comes. */
export default function TryTab() {
  return (
    <div class="try">
      <div class="stack">
        <Connection />
        <SubscribeForm />
        <PublishForm />
      </div>
      <Messages />
    </div>
  );
}

interface Credentials {
  username: string;
  password: string;
}

const PHASES = { off: "not connected", connecting: "connecting", on: "connected" } as const;

/** Whether the page is connected, as whom, and why no longer. The page connects by itself when a connection is needed. */
function Connection() {
  const { phase, fault } = useStore(pageClient.state);
  const [credentials, setCredentials] = useState<Credentials>({ username: "", password: "" });
  const connect = () => void pageClient.connect(credentials).catch(() => undefined);
  return (
    <section class="panel" aria-label="Connection">
      <header class="panel-head">
        <h2>This page as a client</h2>
        <Badge tone={phase === "on" ? "good" : "plain"}>{PHASES[phase]}</Badge>
      </header>
      <p class="quiet-text">
        MQTT 5.0 as <code>{pageClient.clientId}</code>
        {phase === "off" && fault === null && ". It connects by itself at the first message or subscription."}
      </p>
      {fault !== null && (
        <p class="wrong" role="alert">
          {fault}
        </p>
      )}
      <SignIn credentials={credentials} onChange={setCredentials} onSubmit={connect} />
      {phase === "on" ? (
        <button type="button" onClick={() => pageClient.disconnect()}>
          Disconnect
        </button>
      ) : (
        <button type="button" disabled={phase === "connecting"} onClick={connect}>
          Connect
        </button>
      )}
    </section>
  );
}

function SignIn(props: { credentials: Credentials; onChange(to: Credentials): void; onSubmit(): void }) {
  const { credentials, onChange, onSubmit } = props;
  return (
    <details class="sign-in">
      <summary>Sign in</summary>
      <form
        class="try-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <label>
          User
          <input
            type="text"
            autocomplete="username"
            value={credentials.username}
            onInput={(event) => onChange({ ...credentials, username: event.currentTarget.value })}
          />
        </label>
        <label>
          Password or token
          <input
            type="password"
            autocomplete="current-password"
            value={credentials.password}
            onInput={(event) => onChange({ ...credentials, password: event.currentTarget.value })}
          />
        </label>
        <button type="submit">Connect as this user</button>
      </form>
    </details>
  );
}

/** What has come, the newest first. */
function Messages() {
  const { inbox } = pageClient;
  const { shown, count, isPaused } = useStore(inbox.messages);
  const { subscriptions } = useStore(pageClient.state);
  const [form, setForm] = useForm();
  const [chosen, choose] = useState<ShownMessage>();
  return (
    <section class="panel" aria-label="Messages">
      <h2>
        Messages <span class="quiet-text">{countWords(count, shown.length, isPaused)}</span>
      </h2>
      <div class="panel-tools">
        <FormChoice form={form} onForm={setForm} />
        <button type="button" aria-pressed={isPaused} onClick={() => inbox.pause(!isPaused)}>
          {isPaused ? "Go on" : "Pause"}
        </button>
        <button type="button" onClick={inbox.clear}>
          Clear
        </button>
      </div>
      <Table
        name="messages"
        caption="messages"
        columns={columnsFor(form, choose)}
        rows={shown}
        keyOf={({ id }) => String(id)}
        empty={{
          what:
            subscriptions.length === 0
              ? "Messages would be here, the newest first. Subscribe to # for all of them."
              : `Messages would be here, the newest first. Waiting for one on ${subscriptions.map(({ filter }) => filter).join(", ")}.`,
        }}
      />
      {chosen !== undefined && (
        <MessageDialog
          message={chosen}
          bytes={chosen.payload.length}
          form={form}
          onForm={setForm}
          onClose={() => choose(undefined)}
        />
      )}
    </section>
  );
}

function countWords(count: number, shown: number, isPaused: boolean): string {
  if (count === 0) return "";
  const come = `${formatNumber(count, 0)} have come`;
  if (isPaused) return `${come}, paused`;
  return count > shown ? `${come}, the last ${shown} are shown` : come;
}

function columnsFor(form: Form, choose: (message: ShownMessage) => void): Column<ShownMessage>[] {
  return [
    {
      key: "time",
      title: "Time",
      unit: "UTC",
      value: ({ timeMs }) => formatTime(new Date(timeMs).toISOString()).slice(11),
    },
    {
      key: "topic",
      title: "Topic",
      value: ({ topic }) => topic,
      show: (message) => (
        <button type="button" class="link mono" onClick={() => choose(message)}>
          {message.topic}
        </button>
      ),
    },
    {
      key: "payload",
      title: "Payload",
      value: ({ payload }) => new TextDecoder().decode(payload.subarray(0, 256)),
      show: ({ payload }) => <PayloadCell payload={payload} form={form} />,
    },
    {
      key: "bytes",
      title: "Size",
      value: ({ payload }) => payload.length,
      show: ({ payload }) => formatBytes(payload.length),
    },
    { key: "qos", title: "QoS", value: ({ qos }) => qos },
    { key: "retained", title: "Retained", value: ({ retain }) => (retain ? "retained" : ""), atFirstHidden: true },
  ];
}
