import { useState } from "preact/hooks";
import type { ReportAnswer } from "../../src/systems/jobs/schema/reports";
import { Badge, type Tone } from "../common/badge";
import { Dialog } from "../common/dialog";
import { formatBytes, formatTime } from "../common/format";
import { Loading } from "../common/loading";
import { Pager } from "../common/pager";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { numberCodec, useUrlState } from "../common/url-state";
import { JobLink } from "./job-link";
import { ReportFile } from "./report-file";
import { at } from "./session";
import { useList } from "./use-list";
import { REPORT_WORDS } from "./words";

const TONES: Record<ReportAnswer["status"], Tone> = {
  PENDING: "plain",
  GENERATING: "good",
  COMPLETED: "good",
  FAILED: "fault",
};
const STATUS_WORDS: Record<ReportAnswer["status"], string> = {
  PENDING: "waiting",
  GENERATING: "being made",
  COMPLETED: "completed",
  FAILED: "failed",
};
const PAGE_ROWS = 25;

/** The reports that were made, newest first. */
export function ReportList() {
  const [offset, setOffset] = useUrlState("reports.from", numberCodec(0, 0, 1_000_000));
  const [shown, show] = useState<ReportAnswer>();
  const list = useList<ReportAnswer>(at(`/reports?limit=${PAGE_ROWS}&offset=${offset}`));
  const columns = columnsOf(show);
  return (
    <section class="panel" aria-label="My reports">
      <h2>My reports</h2>
      <Loading what="the reports" loaded={list}>
        {({ rows, total }) => (
          <>
            <Table
              name="reports"
              caption="reports"
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              pageOf={total}
              empty={{ what: "No reports yet. Choose a job above and make one." }}
            />
            <Pager total={total} offset={offset} limit={PAGE_ROWS} onOffset={setOffset} />
          </>
        )}
      </Loading>
      {shown !== undefined && (
        <Dialog title="Report" class="report" onClose={() => show(undefined)}>
          <ReportFile report={shown} />
        </Dialog>
      )}
    </section>
  );
}

function columnsOf(onShow: (report: ReportAnswer) => void): Column<ReportAnswer>[] {
  return [
    {
      key: "kind",
      title: "Report",
      value: ({ report_type }) => REPORT_WORDS[report_type] ?? report_type,
      show: (report) =>
        report.status === "COMPLETED" ? (
          <button type="button" class="link" onClick={() => onShow(report)}>
            {REPORT_WORDS[report.report_type] ?? report.report_type}
          </button>
        ) : (
          report.report_type
        ),
    },
    { key: "format", title: "Format", value: ({ output_format }) => output_format },
    {
      key: "status",
      title: "State",
      value: ({ status, error }) =>
        error === null ? STATUS_WORDS[status] : `${STATUS_WORDS[status]}: ${error.message}`,
      show: ({ status, error }) => (
        <>
          <Badge tone={TONES[status]}>{STATUS_WORDS[status]}</Badge> {error?.message}
        </>
      ),
    },
    {
      key: "jobs",
      title: "Jobs",
      value: ({ simulation_job_ids }) => simulation_job_ids.length,
      show: ({ simulation_job_ids: ids }) =>
        ids.length === 1 ? <JobLink id={ids[0]!}>1</JobLink> : String(ids.length),
    },
    { key: "made", title: "Ordered", unit: "UTC", value: ({ created_at }) => formatTime(created_at) },
    {
      key: "size",
      title: "Size",
      value: ({ size_bytes }) => size_bytes,
      show: ({ size_bytes }) => (size_bytes === null ? "–" : formatBytes(size_bytes)),
    },
  ];
}
