import type { ListedFile } from "../../src/systems/epistemix/schema/page";
import { formatBytes } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { useStore } from "../common/store";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { FilePane } from "./file-pane";
import { chosenFile } from "./place";
import { RunChoice, useShownRun } from "./run-choice";
import { at } from "./session";
import { useShown } from "./shown";

/** The files of a run's result, as the client reads them. */
export default function FilesTab() {
  const run = useShownRun();
  const { runs } = useShown().job;
  const path = useStore(chosenFile);
  const zip = runs.find(({ id }) => id === run)?.results;
  if (run === 0) return <p class="quiet-text">No run has ended yet.</p>;
  return (
    <>
      <div class="panel-tools">
        <RunChoice />
        {zip != null && (
          <a class="button" href={zip}>
            Save all as ZIP
          </a>
        )}
      </div>
      <Files key={run} run={run} />
      <h3>{path}</h3>
      <FilePane key={`${run} ${path}`} run={run} path={path} />
    </>
  );
}

function Files({ run }: { run: number }) {
  const files = useLoaded<{ files: ListedFile[] }>(at(`/runs/${run}/files`));
  return (
    <Loading what="the files" loaded={files}>
      {(loaded) => (
        <Table
          name="files"
          caption="Files"
          columns={COLUMNS}
          rows={loaded.files}
          keyOf={(file) => file.path}
          empty={{ what: "No files." }}
        />
      )}
    </Loading>
  );
}

const COLUMNS: Column<ListedFile>[] = [
  {
    key: "path",
    title: "File",
    value: ({ path }) => path,
    show: ({ path }) => (
      <button type="button" class="link" onClick={() => chosenFile.set(path)}>
        {path}
      </button>
    ),
  },
  { key: "size", title: "Size", value: ({ sizeBytes }) => sizeBytes, show: ({ sizeBytes }) => formatBytes(sizeBytes) },
];
