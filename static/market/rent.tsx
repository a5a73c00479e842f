import { useEffect, useId, useState } from "preact/hooks";
import type { AccountAnswer } from "../../src/systems/market/schema/accounts";
import type { StartedLease } from "../../src/systems/market/schema/leases";
import type { EstimateAnswer, ListedWorker } from "../../src/systems/market/schema/workers";
import { useAction } from "../common/action";
import { getJson, postJson, reportOf } from "../common/api";
import { useComebacks } from "../common/comebacks";
import { Dialog } from "../common/dialog";
import { Fault } from "../common/fault";
import { formatDuration, formatNumber } from "../common/format";
import type { Resource } from "../common/load";
import { useStore } from "../common/store";
import { caller } from "./caller";
import { seenText } from "./name";

/** Who rents in open mode when nobody is signed in: an account that every market has. */
const ANYBODY = "consumer-1";
const FIRST_DURATION_S = 600;
const DURATIONS_S = [60, 600, 3600, 86_400];
/** The server is asked once somebody has stopped typing. */
const ASK_AFTER_MS = 200;

/** Renting one worker, with what it will cost. */
export function RentDialog(props: {
  worker: ListedWorker;
  onClose: () => void;
  onRented: (lease: StartedLease) => void;
}) {
  const { worker, onClose, onRented } = props;
  return (
    <Dialog title="Rent hash power" onClose={onClose}>
      <p class="rented-worker">
        <bdi>{seenText(worker.worker_id)}</bdi>
        <span class="quiet-text">
          {formatNumber(worker.hashrate, 0)} H/s for {formatNumber(worker.price_per_min, 4)} XNM/min
        </span>
      </p>
      <RentForm worker={worker} onRented={onRented} />
    </Dialog>
  );
}

/** Payer, address, seconds; the cost as the market estimates it; and the button that rents. */
export function RentForm({ worker, onRented }: { worker: ListedWorker; onRented: (lease: StartedLease) => void }) {
  const account = useStore(caller);
  const [payer, setPayer] = useState(account === null || account.role === "admin" ? ANYBODY : account.account_id);
  const [address, setAddress] = useState<string | null>(null);
  const [seconds, setSeconds] = useState(String(withinLimits(FIRST_DURATION_S, worker)));
  const durationS = wholeSeconds(seconds);
  const balance = useAsked<AccountAnswer>(payer === "" ? null : `/api/accounts/${encodeURIComponent(payer)}/balance`);
  const paidTo = address ?? balance.value?.eth_address ?? "";
  const { running, fault, run } = useAction("POST /api/rent", async () => {
    const parties = { consumer_id: payer, consumer_address: paidTo };
    onRented(
      await postJson<StartedLease>("/api/rent", { ...parties, worker_id: worker.worker_id, duration_sec: durationS }),
    );
  });
  function submit(event: Event): void {
    event.preventDefault();
    if (durationS !== undefined) void run();
  }
  return (
    <form class="form" onSubmit={submit}>
      <DurationField worker={worker} seconds={seconds} onChange={setSeconds} />
      <label class="field">
        Account that pays
        <input required value={payer} maxLength={128} onInput={(event) => setPayer(event.currentTarget.value.trim())} />
        <small class={balance.fault === undefined ? "" : "wrong"}>{balanceWords(balance)}</small>
      </label>
      <label class="field">
        Address that the blocks are mined for
        <input
          class="mono"
          value={paidTo}
          maxLength={128}
          onInput={(event) => setAddress(event.currentTarget.value.trim())}
        />
      </label>
      {durationS !== undefined && <Cost worker={worker} durationS={durationS} balance={balance.value?.balance} />}
      {fault !== undefined && <Fault report={fault} />}
      <button type="submit" class="primary" disabled={running || durationS === undefined}>
        {running ? "Renting" : "Rent"}
      </button>
    </form>
  );
}

function DurationField(props: { worker: ListedWorker; seconds: string; onChange: (seconds: string) => void }) {
  const { worker, seconds, onChange } = props;
  const [id, noteId] = [useId(), useId()];
  const durationS = wholeSeconds(seconds);
  const { min_duration_sec: least, max_duration_sec: most } = worker;
  const limits = `${formatDuration(least)} to ${formatDuration(most)} with this worker`;
  return (
    <div class="field">
      <label for={id}>Duration</label>
      <div class="row duration">
        <input
          id={id}
          inputMode="numeric"
          value={seconds}
          aria-invalid={durationS === undefined}
          aria-describedby={noteId}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
        <span class="unit">s</span>
        <span class="row">
          {DURATIONS_S.filter((choice) => choice === withinLimits(choice, worker)).map((choice) => (
            <button
              key={choice}
              type="button"
              class="quiet"
              aria-pressed={choice === durationS}
              onClick={() => onChange(String(choice))}
            >
              {formatDuration(choice)}
            </button>
          ))}
        </span>
      </div>
      <small id={noteId} class={durationS === undefined ? "wrong" : ""}>
        {durationS === undefined ? "Expected whole seconds, at least 1" : `${formatDuration(durationS)}; ${limits}`}
      </small>
    </div>
  );
}

/** What the lease will cost when it runs to its end, and who gets it. */
function Cost(props: { worker: ListedWorker; durationS: number; balance: number | undefined }) {
  const query = new URLSearchParams({ worker_id: props.worker.worker_id, duration_sec: String(props.durationS) });
  const { value: estimate, fault } = useAsked<EstimateAnswer>(`/api/marketplace/estimate?${query}`);
  if (fault !== undefined) return <Fault report={fault} />;
  if (estimate === undefined) return <p class="cost quiet-text">Asking for the cost</p>;
  const { total_cost, provider_payout, platform_fee, warning } = estimate;
  const short = props.balance !== undefined && props.balance < total_cost;
  return (
    <section class="cost" aria-label="Cost">
      <p class="row">
        <span>Cost</span>
        <span class="cost-figure">
          {formatNumber(total_cost, 4)}
          <span class="unit">XNM</span>
        </span>
      </p>
      <p class="quiet-text">
        {formatNumber(provider_payout, 4)} to the provider, {formatNumber(platform_fee, 4)} to the platform. Stopping
        early costs the seconds used.
      </p>
      {warning !== undefined && <p class="late">{warning}</p>}
      {short && <p class="late">The account holds less; the market may refuse, or charge only what is there.</p>}
    </section>
  );
}

type Answer<T> = Pick<Resource<T>, "value" | "fault">;

/** What the server says at `path` (null for nothing), asked a moment after it last changed or the server came back. */
function useAsked<T>(path: string | null): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ value: undefined, fault: undefined });
  const comebacks = useComebacks();
  useEffect(() => {
    if (path === null) return setAnswer({ value: undefined, fault: undefined });
    const calledOff = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setAnswer({ value: await getJson<T>(path, calledOff.signal), fault: undefined });
      } catch (thrown) {
        if (!calledOff.signal.aborted) setAnswer({ value: undefined, fault: reportOf(thrown, path) });
      }
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      calledOff.abort();
    };
  }, [path, comebacks]);
  return answer;
}

function balanceWords({ value, fault }: Answer<AccountAnswer>): string {
  if (fault !== undefined) return fault.what;
  return value === undefined ? "" : `Holds ${formatNumber(value.balance, 4)} XNM`;
}

function withinLimits(seconds: number, { min_duration_sec: least, max_duration_sec: most }: ListedWorker): number {
  return Math.max(least, Math.min(seconds, most));
}

function wholeSeconds(text: string): number | undefined {
  const seconds = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isInteger(seconds) && seconds >= 1 ? seconds : undefined;
}
