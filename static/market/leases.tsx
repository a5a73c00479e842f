import type { LeaseAnswer } from "../../src/systems/market/schema/leases";
import type { OffsetPage } from "../../src/systems/market/schema/scalars";
import { useRefreshed } from "../common/load";
import { Loading } from "../common/loading";
import { useStore } from "../common/store";
import { choiceCodec, useUrlState } from "../common/url-state";
import { caller } from "./caller";
import { LeaseView } from "./lease";
import { LeaseTable } from "./lease-table";
import { chosenLease, goTo } from "./view";

const REFRESH_MS = 5000;
const MAX_LISTED = 200;
const STATES = ["all", "active", "completed"] as const;
const STATE_WORDS = { all: "all", active: "running", completed: "completed" };

/** The list of leases, or the one that was chosen. */
export default function LeasesTab() {
  const id = useStore(chosenLease);
  return id === "" ? <LeaseList /> : <LeaseView key={id} id={id} />;
}

/** The newest leases: the caller's own where somebody is signed in who can have some, else everybody's. */
function LeaseList() {
  const account = useStore(caller);
  const [state, setState] = useUrlState("state", choiceCodec(STATES, "all"));
  const isConsumer = account?.role === "consumer";
  const query = new URLSearchParams({ limit: String(MAX_LISTED), ...(state !== "all" && { state }) });
  const leases = useRefreshed<OffsetPage<LeaseAnswer>>(
    `/api/${isConsumer ? "renter/" : ""}leases?${query}`,
    REFRESH_MS,
  );
  return (
    <section class="panel" aria-label="Leases">
      <header class="panel-head">
        <h2>{isConsumer ? "My leases" : "Leases"}</h2>
        <label class="row quiet-text">
          State
          <select value={state} onChange={(event) => setState(event.currentTarget.value as (typeof STATES)[number])}>
            {STATES.map((name) => (
              <option key={name} value={name}>
                {STATE_WORDS[name]}
              </option>
            ))}
          </select>
        </label>
      </header>
      <Loading what="the leases" loaded={leases}>
        {({ items, total }) => (
          <>
            <LeaseTable
              leases={items}
              reload={leases.reload}
              {...(state === "all"
                ? { emptyAction: { label: "See the offers", run: () => goTo({ tab: "offers" }) } }
                : { emptyAction: { label: "Show all", run: () => setState("all") } })}
            />
            {total > items.length && (
              <p class="quiet-text">
                These are the newest {items.length} of {total}.
              </p>
            )}
          </>
        )}
      </Loading>
    </section>
  );
}
