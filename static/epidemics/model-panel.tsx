import { useId, useRef } from "preact/hooks";
import type { ModelFaultAnswer } from "../../src/systems/epistemix/schema/page";
import { useAction } from "../common/action";
import { downloadText } from "../common/download";
import { Fault } from "../common/fault";
import { useStore } from "../common/store";
import { Editor, offsetOf } from "./editor";
import { editedFile, MAIN_FILE, modelFiles } from "./place";
import { launch } from "./run";
import { Settings } from "./settings";
import { type Checked, useCheck } from "./use-check";

/** The model in an editor, what it is run with, and the button that runs it. */
export function ModelPanel() {
  const files = useStore(modelFiles);
  const chosen = useStore(editedFile);
  const file = files[chosen] === undefined ? Object.keys(files)[0]! : chosen;
  const faults = useCheck(files);
  const faultsId = useId();
  const element = useRef<HTMLTextAreaElement>(null);
  const { running, fault, run } = useAction("POST /api/epidemics/jobs", launch);
  function goTo(found: ModelFaultAnswer): void {
    if (found.file !== file) editedFile.set(found.file);
    const offset = offsetOf(files[found.file] ?? "", found);
    setTimeout(() => {
      element.current!.focus();
      element.current!.setSelectionRange(
        offset,
        offset + (/^\w+/.exec(files[found.file]!.slice(offset))?.[0].length ?? 1),
      );
    });
  }
  return (
    <section class="panel model" aria-label="Model">
      <header class="panel-head">
        <h2>Model</h2>
        <div class="row">
          <FileTools file={file} />
          <button
            type="button"
            class="primary"
            disabled={running || (faults?.length ?? 0) > 0}
            onClick={() => void run()}
          >
            Run
          </button>
        </div>
      </header>
      <Settings />
      {fault !== undefined && <Fault report={fault} />}
      <Editor
        text={files[file]!}
        faults={(faults ?? []).filter((found) => found.file === file)}
        faultsId={faultsId}
        element={element}
        onText={(text) => modelFiles.set({ ...files, [file]: text })}
      />
      <Faults id={faultsId} faults={faults} onChoose={goTo} />
    </section>
  );
}

/** Which file is edited, from where one comes, and where it is saved. */
function FileTools({ file }: { file: string }) {
  const files = useStore(modelFiles);
  const names = Object.keys(files);
  const input = useRef<HTMLInputElement>(null);
  async function open(chosen: FileList | null): Promise<void> {
    const opened = await Promise.all([...(chosen ?? [])].map(async (one) => [one.name, await one.text()] as const));
    if (opened.length === 0) return;
    const named = opened.length === 1 ? [[MAIN_FILE, opened[0]![1]] as const] : opened;
    modelFiles.set(Object.fromEntries(named));
    editedFile.set(named[0]![0]);
  }
  return (
    <>
      {names.length > 1 && (
        <select aria-label="File" value={file} onChange={(event) => editedFile.set(event.currentTarget.value)}>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
      <input
        ref={input}
        type="file"
        accept=".fred,text/plain"
        multiple
        hidden
        aria-label="Model files"
        onChange={(event) => void open(event.currentTarget.files)}
      />
      <button type="button" class="quiet" onClick={() => input.current!.click()}>
        Open
      </button>
      <button type="button" class="quiet" onClick={() => downloadText(file, "text/plain", files[file]!)}>
        Save
      </button>
    </>
  );
}

const MAX_TOLD = 20;

/** What is wrong with the model, each fault a way to its place. */
function Faults(props: { id: string; faults: Checked; onChoose(fault: ModelFaultAnswer): void }) {
  const { id, faults, onChoose } = props;
  if (faults === undefined || faults.length === 0) {
    return (
      <p id={id} class="quiet-text" role="status">
        {faults === undefined ? "Checking" : "No faults."}
      </p>
    );
  }
  return (
    <div id={id} role="status">
      <p class="wrong">{faults.length === 1 ? "1 fault" : `${faults.length} faults`}</p>
      <ul class="faults">
        {faults.slice(0, MAX_TOLD).map((fault) => (
          <li key={`${fault.file} ${fault.line} ${fault.column} ${fault.message}`}>
            <button type="button" class="link" onClick={() => onChoose(fault)}>
              {fault.file}:{fault.line}
            </button>{" "}
            {fault.message}
          </li>
        ))}
      </ul>
    </div>
  );
}
