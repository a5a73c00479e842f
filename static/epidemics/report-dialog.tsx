import { useEffect, useState } from "preact/hooks";
import { answerTo, type FaultReport, reportOf } from "../common/api";
import { Dialog } from "../common/dialog";
import { download } from "../common/download";
import { Fault } from "../common/fault";
import { formatBytes } from "../common/format";
import { PdfPane } from "../common/pdf-pane";
import { configuration } from "./place";
import { at } from "./session";

/** Makes a detailed analysis of a job and shows it over the page. */
export default function ReportDialog({ id, onClose }: { id: number; onClose(): void }) {
  const [file, setFile] = useState<Blob>();
  const [fault, setFault] = useState<FaultReport>();
  useEffect(() => {
    const left = new AbortController();
    const path = at(`/jobs/${id}/report?configuration=${configuration.get()}`);
    answerTo(path, { signal: left.signal })
      .then(async (answer) => setFile(await answer.blob()))
      .catch((thrown: unknown) => {
        if (!left.signal.aborted) setFault(reportOf(thrown, `GET ${path}`));
      });
    return () => left.abort();
  }, [id]);
  return (
    <Dialog title="Report" class="report" onClose={onClose}>
      {fault !== undefined && <Fault report={fault} />}
      {file === undefined && fault === undefined && <p class="quiet-text loading">Making the report</p>}
      {file !== undefined && (
        <>
          <div class="row">
            <button type="button" onClick={() => download(`job-${id}.pdf`, file)}>
              Save
            </button>
            <span class="quiet-text">PDF, {formatBytes(file.size)}</span>
          </div>
          <PdfPane file={file} title="Report as PDF" />
        </>
      )}
    </Dialog>
  );
}
