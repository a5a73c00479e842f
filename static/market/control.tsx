import { useState } from "preact/hooks";
import type { ListedWorker } from "../../src/systems/market/schema/workers";
import { type Action, useAction } from "../common/action";
import { postJson } from "../common/api";
import { Dialog } from "../common/dialog";
import { Fault } from "../common/fault";
import { Form } from "../common/form";
import type { JsonSchema } from "../common/form-schema";
import { toast } from "../common/toast";
import { seenText } from "./name";

const ALL = "";

/** What miners understand of `set_config`; a member that is left empty is not sent. */
const CONFIG: JsonSchema = {
  type: "object",
  properties: {
    difficulty: { type: "integer", title: "Difficulty", minimum: 1, "x-unit": "KiB" },
    address: { type: "string", title: "Address", minLength: 1, maxLength: 128 },
    prefix: { type: "string", title: "Key prefix", maxLength: 128 },
    block_pattern: { type: "string", title: "Block pattern", maxLength: 128 },
  },
};

const COMMANDS = [
  { action: "pause", title: "Pause" },
  { action: "resume", title: "Resume" },
  { action: "shutdown", title: "Shut down" },
];

interface Command {
  action: string;
  config: Record<string, unknown>;
}

/** Commands for one worker or for all of them. */
export function Control({ workers }: { workers: readonly ListedWorker[] }) {
  const [target, setTarget] = useState(ALL);
  const [confirming, setConfirming] = useState<Command | null>(null);
  const send = useSend(target);
  const ask = (action: string) => {
    const command = { action, config: {} };
    if (action === "shutdown") setConfirming(command);
    else void send.run(command);
  };
  return (
    <div class="control">
      <div class="panel-tools">
        <label>
          Worker
          <select class="wide" value={target} onChange={(event) => setTarget(event.currentTarget.value)}>
            <option value={ALL}>all of them</option>
            {workers.map(({ worker_id }) => (
              <option key={worker_id} value={worker_id}>
                {seenText(worker_id)}
              </option>
            ))}
          </select>
        </label>
        {COMMANDS.map(({ action, title }) => (
          <button key={action} type="button" disabled={send.running} onClick={() => ask(action)}>
            {title}
          </button>
        ))}
      </div>
      <Form
        schema={CONFIG}
        submitLabel="Send the configuration"
        onSubmit={(config) => void send.run({ action: "set_config", config })}
      />
      {send.fault !== undefined && <Fault report={send.fault} />}
      {confirming !== null && (
        <ShutDownDialog
          whom={target === ALL ? `all ${workers.length} workers` : seenText(target)}
          onClose={() => setConfirming(null)}
          onConfirm={() => void send.run(confirming)}
        />
      )}
    </div>
  );
}

function ShutDownDialog({ whom, onClose, onConfirm }: { whom: string; onClose(): void; onConfirm(): void }) {
  return (
    <Dialog title="Shut down" onClose={onClose}>
      <p>
        Shut down <bdi>{whom}</bdi>? A miner that has been shut down comes back only when somebody starts it.
      </p>
      <div class="row">
        <button
          type="button"
          class="primary"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          Shut down
        </button>
        <button type="button" onClick={onClose}>
          Keep running
        </button>
      </div>
    </Dialog>
  );
}

function useSend(target: string): Action<[command: Command]> {
  const path = target === ALL ? "/api/control/broadcast" : `/api/workers/${encodeURIComponent(target)}/control`;
  return useAction(`POST ${path}`, async (command) => {
    const { workers } = await postJson<{ workers?: readonly string[] }>(path, command);
    toast(`${command.action} sent to ${workers === undefined ? target : `${workers.length} workers`}`);
  });
}
