import type { SubmissionAnswer } from "../../src/systems/jobs/schema/simulations";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { JsonPane } from "./json-pane";
import { at } from "./session";

/** What was asked for. */
export default function Submission({ id }: { id: string }) {
  const submission = useLoaded<SubmissionAnswer>(at(`/simulations/${id}/submission`));
  return (
    <Loading what="the inputs" loaded={submission}>
      {(asked) => <JsonPane name={`inputs-${id}`} label="Inputs" value={asked} />}
    </Loading>
  );
}
