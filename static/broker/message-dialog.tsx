import type { ComponentChildren } from "preact";
import { Dialog } from "../common/dialog";
import { copyText } from "../common/download";
import { formatBytes } from "../common/format";
import { FormChoice } from "./form-choice";
import type { ReceivedMessage } from "./mqtt/link";
import { type Form, laidOutPayload } from "./payload";

interface MessageDialogProps {
  message: ReceivedMessage;
  /** Of the whole payload, where only its beginning is here. */
  bytes: number;
  form: Form;
  onForm(form: Form): void;
  onClose(): void;
  /** Further buttons. */
  children?: ComponentChildren;
}

/** One message with its payload laid out. */
export function MessageDialog({ message, bytes, form, onForm, onClose, children }: MessageDialogProps) {
  const { topic, payload, qos, retain } = message;
  const shown = laidOutPayload(payload, form);
  const rest = bytes - payload.length;
  return (
    <Dialog title={topic} class="message" onClose={onClose}>
      <p class="quiet-text">
        {formatBytes(bytes)}, QoS {qos}
        {retain && ", retained"}
      </p>
      <div class="panel-tools">
        <FormChoice form={form} onForm={onForm} />
      </div>
      {payload.length === 0 ? (
        <p class="quiet-text">The payload is empty.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        <section class="payload" tabIndex={0} aria-label={`Payload as ${shown.form}`}>
          <pre>{shown.text}</pre>
        </section>
      )}
      {rest > 0 && <p class="quiet-text">Only the beginning is shown; {formatBytes(rest)} follow.</p>}
      <div class="row">
        <button type="button" onClick={() => copyText(shown.text, "Payload")}>
          Copy
        </button>
        {children}
      </div>
    </Dialog>
  );
}
