import { useEffect, useState } from "preact/hooks";
import type { ShownReport } from "../../src/systems/jobs/schema/shown";
import type { JobAnswer, ResultAnswer } from "../../src/systems/jobs/schema/simulations";
import { type FaultReport, postJson, reportOf } from "../common/api";
import { useComebacks } from "../common/comebacks";
import { Fault } from "../common/fault";
import { formatBytes } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { choiceCodec, useUrlState } from "../common/url-state";
import { JsonPane } from "./json-pane";
import { Sections } from "./sections";
import { at } from "./session";

/** A larger result is not drawn as JSON; its file has all. */
const MAX_JSON_BYTES = 8e6;
const FORMS = ["charts", "json"] as const;

/** What came of a job, as charts and tables or as the JSON that it is. */
export default function Result({ job }: { job: JobAnswer }) {
  const [form, show] = useUrlState("as", choiceCodec(FORMS, "charts"));
  return (
    <>
      <div class="row">
        <button type="button" class="quiet" aria-pressed={form === "charts"} onClick={() => show("charts")}>
          Charts
        </button>
        <button type="button" class="quiet" aria-pressed={form === "json"} onClick={() => show("json")}>
          JSON
        </button>
      </div>
      {form === "charts" ? <Charts id={job.id} /> : <Json id={job.id} />}
    </>
  );
}

function Charts({ id }: { id: string }) {
  const { value, fault, retry } = useShown({ ids: [id], reportType: "summary" });
  if (fault !== undefined) return <Fault report={fault} retry={retry} />;
  if (value === undefined) return <p class="quiet-text loading">Loading the result</p>;
  return <Sections sections={value.simulations[0]?.sections ?? []} />;
}

interface Asked {
  ids: readonly string[];
  reportType: string;
}

/** What a report over these jobs would show. */
export function useShown({ ids, reportType }: Asked) {
  const [value, setValue] = useState<ShownReport>();
  const [fault, setFault] = useState<FaultReport>();
  const [asked, setAsked] = useState(0);
  const comebacks = useComebacks();
  const body = JSON.stringify({ simulation_job_ids: ids, report_type: reportType, output_format: "JSON" });
  useEffect(() => {
    if (ids.length === 0) return;
    const left = new AbortController();
    postJson<ShownReport>(at("/reports/preview"), JSON.parse(body), left.signal)
      .then((shown) => {
        setValue(shown);
        setFault(undefined);
      })
      .catch((thrown: unknown) => {
        if (!left.signal.aborted) setFault(reportOf(thrown, "POST /reports/preview"));
      });
    return () => left.abort();
  }, [body, asked, comebacks]);
  return { value, fault, retry: () => setAsked((count) => count + 1) };
}

function Json({ id }: { id: string }) {
  const about = useLoaded<ResultAnswer>(at(`/simulations/${id}/result?inline=false`));
  return (
    <Loading what="the result" loaded={about}>
      {({ result_size_bytes, result_url }) =>
        (result_size_bytes ?? 0) <= MAX_JSON_BYTES ? (
          <WholeJson id={id} />
        ) : (
          <p>
            The result has {formatBytes(result_size_bytes ?? 0)}.{" "}
            {result_url !== null && <a href={result_url}>Save it as a file</a>}
          </p>
        )
      }
    </Loading>
  );
}

function WholeJson({ id }: { id: string }) {
  const answer = useLoaded<ResultAnswer>(at(`/simulations/${id}/result`));
  return (
    <Loading what="the result" loaded={answer}>
      {({ result }) => <JsonPane name={`result-${id}`} label="Result" value={result} />}
    </Loading>
  );
}
