import { useMemo, useState } from "preact/hooks";
import type { RetainedMessage, RetainedPage } from "../../src/systems/broker/schema";
import { formatBytes } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Pager } from "../common/pager";
import { useStore } from "../common/store";
import { Sure } from "../common/sure";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { toast } from "../common/toast";
import { numberCodec, textCodec, useUrlState } from "../common/url-state";
import { FormChoice, useForm } from "./form-choice";
import { MessageDialog } from "./message-dialog";
import { OnlyWhileOpen } from "./only-while-open";
import { overview } from "./overview";
import { pageClient } from "./page-client";
import { bytesOf, type Form, PayloadCell } from "./payload";

/** So many that most brokers have all of theirs on one page, which the table then sorts and filters. */
const PAGE_ROWS = 200;

interface Row extends RetainedMessage {
  payload: Uint8Array;
}

/** Retained messages by what their topics begin with. */
export default function RetainedTab() {
  const now = useStore(overview);
  if (now?.showsClients === false) return <OnlyWhileOpen what="The last retained message of each topic" />;
  return <RetainedMessages />;
}

function RetainedMessages() {
  const [prefix, setPrefix] = useUrlState("prefix", textCodec());
  const [offset, setOffset] = useUrlState("from", numberCodec(0, 0));
  const [form, setForm] = useForm();
  const [chosen, choose] = useState<Row>();
  const asked = new URLSearchParams({ prefix, offset: String(offset), limit: String(PAGE_ROWS) });
  const page = useLoaded<RetainedPage>(`/api/broker/retained?${asked}`);
  const rows = useMemo(() => page.value?.messages.map(withPayload) ?? [], [page.value]);
  function search(text: string): void {
    setPrefix(text);
    setOffset(0);
  }
  async function removeChosen({ topic }: Row): Promise<void> {
    await remove(topic);
    choose(undefined);
    page.reload();
  }
  return (
    <section class="panel" aria-label="Retained messages">
      <div class="panel-tools">
        <PrefixSearch prefix={prefix} onSearch={search} />
        <FormChoice form={form} onForm={setForm} />
        <button type="button" onClick={page.reload}>
          Refresh
        </button>
      </div>
      <Loading what="the retained messages" loaded={page}>
        {({ total }) => (
          <>
            <Table
              name="retained"
              caption="retained messages"
              columns={columnsFor(form, choose)}
              rows={rows}
              keyOf={({ topic }) => topic}
              empty={emptyWords(prefix, () => setPrefix(""))}
            />
            <Pager total={total} offset={offset} limit={PAGE_ROWS} onOffset={setOffset} />
          </>
        )}
      </Loading>
      {chosen !== undefined && (
        <MessageDialog
          message={{ ...chosen, retain: true }}
          bytes={chosen.payloadBytes}
          form={form}
          onForm={setForm}
          onClose={() => choose(undefined)}
        >
          <Sure
            label="Remove"
            question="Remove it for everybody who subscribes from now on?"
            onSure={() => void removeChosen(chosen)}
          />
        </MessageDialog>
      )}
    </section>
  );
}

function withPayload(message: RetainedMessage): Row {
  return { ...message, payload: bytesOf(message.payloadBase64) };
}

function PrefixSearch({ prefix, onSearch }: { prefix: string; onSearch(prefix: string): void }) {
  return (
    <label class="search">
      Topic begins with
      <input
        type="search"
        value={prefix}
        maxLength={1024}
        placeholder="any"
        onInput={(event) => onSearch(event.currentTarget.value)}
      />
    </label>
  );
}

function emptyWords(prefix: string, showAll: () => void) {
  if (prefix === "") {
    return {
      what: "The last message of each topic that was published to be retained would be here.",
      action: { label: "Publish one", href: "/broker?tab=try&retain=true" },
    };
  }
  return {
    what: `Retained messages whose topics begin with ${prefix} would be here. There are none.`,
    action: { label: "Show all", run: showAll },
  };
}

/** An empty retained message removes the message that is kept (MQTT 5.0, 3.3.1.3); this page may do so as any client may. */
async function remove(topic: string): Promise<void> {
  try {
    await pageClient.publish(topic, new Uint8Array(0), { qos: 1, retain: true });
    toast(`${topic} is no longer retained`);
  } catch (thrown) {
    toast((thrown as Error).message);
  }
}

function columnsFor(form: Form, choose: (row: Row) => void): Column<Row>[] {
  return [
    {
      key: "topic",
      title: "Topic",
      value: ({ topic }) => topic,
      show: (row) => (
        <button type="button" class="link mono" onClick={() => choose(row)}>
          {row.topic}
        </button>
      ),
    },
    {
      key: "payload",
      title: "Payload",
      value: ({ payloadBase64 }) => payloadBase64,
      show: ({ payload }) => <PayloadCell payload={payload} form={form} />,
    },
    {
      key: "bytes",
      title: "Size",
      value: ({ payloadBytes }) => payloadBytes,
      show: ({ payloadBytes }) => formatBytes(payloadBytes),
    },
    { key: "qos", title: "QoS", value: ({ qos }) => qos },
    { key: "publisher", title: "Published by", value: ({ publisherId }) => publisherId || "this program" },
  ];
}
