import { useState } from "preact/hooks";
import { type FaultReport, sendWithAll } from "../common/api";
import { noteComeback } from "../common/comebacks";
import { Empty } from "../common/empty";
import { Fault } from "../common/fault";
import { choose, FIRST_SAMPLE, goTo } from "./place";

/** In place of a file that this browser does not have. */
export function Lost({ name }: { name: string }) {
  const back = () => goTo({ sample: FIRST_SAMPLE });
  return <Empty what={`${name} is not here any more. Drop it again.`} action={{ label: "Show a sample", run: back }} />;
}

/** What the reader did not take, with the remedy that it names where there is one to press. */
export function ReadingFault({ fault }: { fault: FaultReport }) {
  const proposal = /\(id: (.+)\)\.$/.exec(fault.what)?.[1];
  const isRepeated = fault.what.includes("duplicates");
  const isGap = fault.what.includes("set gaps to fill");
  return (
    <>
      <Fault report={{ ...fault, where: "the file" }} />
      {KEY_ASKED.test(fault.what) && <KeyForm />}
      <div class="row">
        {proposal !== undefined && (
          <button type="button" class="primary" onClick={() => choose({ id: proposal })}>
            Forecast each {proposal}
          </button>
        )}
        {isRepeated &&
          (["sum", "mean", "first", "last"] as const).map((how) => (
            <button key={how} type="button" onClick={() => choose({ duplicates: how })}>
              {JOININGS[how]}
            </button>
          ))}
        {isGap && (
          <button type="button" class="primary" onClick={() => choose({ gaps: "fill" })}>
            Fill the gaps
          </button>
        )}
      </div>
    </>
  );
}

/** What the server says to a caller without its key. */
const KEY_ASKED = /^(Not authenticated|Invalid API key)$/;

/** The key is sent with all that the page asks from then on, and is gone when the page is left. */
function KeyForm() {
  const [key, setKey] = useState("");
  function submit(event: Event): void {
    event.preventDefault();
    sendWithAll({ authorization: `Bearer ${key.trim()}` });
    noteComeback();
  }
  return (
    <form class="panel-tools" onSubmit={submit}>
      <label class="wide">
        Key of this service (API_SECRET_KEY)
        <input
          type="password"
          autocomplete="off"
          required
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary">
        Go on
      </button>
    </form>
  );
}

const JOININGS = { sum: "Add them up", mean: "Take the mean", first: "Keep the first", last: "Keep the last" };
