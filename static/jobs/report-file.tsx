import { useEffect, useState } from "preact/hooks";
import type { ReportAnswer } from "../../src/systems/jobs/schema/reports";
import { type FaultReport, getJson, reportOf } from "../common/api";
import { download } from "../common/download";
import { Fault } from "../common/fault";
import { formatBytes } from "../common/format";
import { PdfPane } from "../common/pdf-pane";
import { CodePane } from "./code-pane";
import { fileOf } from "./make-report";
import { at } from "./session";

/** A report that is made, shown in the page where the browser can, and to be saved. */
export function ReportFile({ report }: { report: ReportAnswer }) {
  const { shown, fault } = useFile(report.id);
  if (fault !== undefined) return <Fault report={fault} />;
  if (shown === undefined) return <p class="quiet-text loading">Loading the report</p>;
  const name = `${report.report_type}-${report.id.slice(-8)}.${report.output_format.toLowerCase()}`;
  return (
    <>
      <div class="row">
        {shown.file === undefined ? (
          <a class="button" href={shown.link}>
            Save
          </a>
        ) : (
          <button type="button" onClick={() => download(name, shown.file!)}>
            Save
          </button>
        )}
        <span class="quiet-text">
          {report.output_format}, {formatBytes(report.size_bytes ?? 0)}
        </span>
      </div>
      {shown.file !== undefined && <FilePane format={report.output_format} file={shown.file} />}
    </>
  );
}

interface Shown {
  /** Absent where it lies on another host. */
  file: Blob | undefined;
  link: string;
}

/** The file, by a fresh link. */
function useFile(id: string): { shown: Shown | undefined; fault: FaultReport | undefined } {
  const [shown, setShown] = useState<Shown>();
  const [fault, setFault] = useState<FaultReport>();
  useEffect(() => {
    const { signal, abort } = abortable();
    getJson<ReportAnswer>(at(`/reports/${id}`), signal)
      .then(async (fresh) => setShown({ file: await fileOf(fresh, signal), link: fresh.download_url! }))
      .catch((thrown: unknown) => {
        if (!signal.aborted) setFault(reportOf(thrown, "The report's file"));
      });
    return abort;
  }, [id]);
  return { shown, fault };
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

const MAX_TEXT_BYTES = 200_000;

function FilePane({ format, file }: { format: ReportAnswer["output_format"]; file: Blob }) {
  if (format === "PDF") return <PdfPane file={file} title="Report as PDF" />;
  if (format === "HTML") return <p class="quiet-text">Save the file and open it in a browser.</p>;
  return <TextPane file={file} />;
}

function TextPane({ file }: { file: Blob }) {
  const [text, setText] = useState("");
  useEffect(() => {
    void file.slice(0, MAX_TEXT_BYTES).text().then(setText);
  }, [file]);
  return <CodePane label="Report" text={text} />;
}
