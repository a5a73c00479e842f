import { useState } from "preact/hooks";
import type { ReportAnswer } from "../../src/systems/jobs/schema/reports";
import { Dialog } from "../common/dialog";
import { Loading } from "../common/loading";
import { useHandlers } from "./handlers";
import { Builder } from "./report-builder";
import { ReportFile } from "./report-file";
import { ReportList } from "./report-list";

/** Makes reports over completed jobs, and lists those that were made. */
export default function ReportsTab() {
  const handlers = useHandlers();
  const [made, setMade] = useState<ReportAnswer>();
  return (
    <>
      <Loading what="the types of reports" loaded={handlers}>
        {(known) => <Builder handlers={known} onMade={setMade} />}
      </Loading>
      <ReportList key={made?.id} />
      {made !== undefined && (
        <Dialog title="Report" class="report" onClose={() => setMade(undefined)}>
          <ReportFile report={made} />
        </Dialog>
      )}
    </>
  );
}
