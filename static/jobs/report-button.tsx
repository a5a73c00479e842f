import { useEffect, useRef, useState } from "preact/hooks";
import type { ReportAnswer } from "../../src/systems/jobs/schema/reports";
import { useAction } from "../common/action";
import { Dialog } from "../common/dialog";
import { Fault } from "../common/fault";
import { makeReport } from "./make-report";
import { ReportFile } from "./report-file";

/** Makes a PDF over one job and shows it over the page. */
export function ReportButton({ jobId }: { jobId: string }) {
  const [report, setReport] = useState<ReportAnswer>();
  const left = useRef(new AbortController());
  useEffect(() => () => left.current.abort(), []);
  const { running, fault, run } = useAction("POST /reports", async () => {
    const order = { simulation_job_ids: [jobId], report_type: "summary", output_format: "PDF" } as const;
    setReport(await makeReport(order, left.current.signal));
  });
  return (
    <>
      <button type="button" class="primary" disabled={running} onClick={() => void run()}>
        {running ? "Making the report" : "Report"}
      </button>
      {fault !== undefined && <Fault report={fault} />}
      {report !== undefined && (
        <Dialog title="Report" class="report" onClose={() => setReport(undefined)}>
          <ReportFile report={report} />
        </Dialog>
      )}
    </>
  );
}
