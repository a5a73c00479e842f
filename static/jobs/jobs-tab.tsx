import { Loading } from "../common/loading";
import { useHandlers } from "./handlers";
import { JobList } from "./job-list";
import { Samples } from "./samples";

/** Samples that run at one click, and one's own jobs. */
export function JobsTab() {
  const handlers = useHandlers();
  return (
    <>
      <Loading what="what can be run" loaded={handlers}>
        {({ simulations }) => <Samples handlers={simulations} />}
      </Loading>
      <JobList handlers={handlers.value} />
    </>
  );
}
