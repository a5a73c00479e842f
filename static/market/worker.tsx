import type { BlockAnswer, SettlementAnswer } from "../../src/systems/market/schema/leases";
import type { OffsetPage } from "../../src/systems/market/schema/scalars";
import type { ListedWorker } from "../../src/systems/market/schema/workers";
import { Badge } from "../common/badge";
import { Card } from "../common/card";
import { Empty } from "../common/empty";
import { formatDuration, formatNumber } from "../common/format";
import { lazy } from "../common/lazy";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { BlocksTable } from "./blocks";
import { type FactLine, Facts } from "./facts";
import { serverNowS } from "./fleet";
import { useSecond } from "./freshness";
import { seenText } from "./name";
import { durationWords, SituationBadge } from "./offer-columns";
import { ReputationParts } from "./reputation";
import { SettlementTable } from "./settlements";
import { goTo, PlaceLink } from "./view";
import { gpuKinds, situationOf, xnmPerMhash } from "./worker-words";

/** Charts are half of all the script there is. */
const HashrateChart = lazy(() => import("./hashrate-chart"));

/** The page of one worker: what it is, what it costs, how good it was, what it did. */
export function WorkerView(props: {
  id: string;
  worker: ListedWorker | undefined;
  rent: (worker: ListedWorker) => void;
}) {
  const { id, worker, rent } = props;
  return (
    <>
      <PlaceLink to={{ tab: "offers" }} class="back">
        All offers
      </PlaceLink>
      {worker === undefined ? (
        <Empty
          what={`No worker with the name ${id} has ever registered.`}
          action={{ label: "See the offers", run: () => goTo({ tab: "offers" }) }}
        />
      ) : (
        <KnownWorker worker={worker} rent={rent} />
      )}
    </>
  );
}

function KnownWorker({ worker, rent }: { worker: ListedWorker; rent: (worker: ListedWorker) => void }) {
  return (
    <>
      <section class="panel" aria-label="Worker">
        <header class="panel-head lease-head">
          <div class="row">
            <h2>
              <bdi>{seenText(worker.worker_id)}</bdi>
            </h2>
            <SituationBadge worker={worker} nowS={serverNowS()} />
            <LastHeard at={worker.last_heartbeat} />
          </div>
          {situationOf(worker, serverNowS()).word === "free" && (
            <button type="button" class="primary" onClick={() => rent(worker)}>
              Rent
            </button>
          )}
        </header>
        <WorkerCards worker={worker} />
        <WorkerFacts worker={worker} />
      </section>
      <div class="columns">
        <div class="hashrate">
          <HashrateChart workerId={worker.worker_id} />
        </div>
        <section class="panel" aria-label="Reputation">
          <ReputationParts reputation={worker.reputation} />
        </section>
      </div>
      <WorkerHistory id={worker.worker_id} />
    </>
  );
}

function LastHeard({ at }: { at: number }) {
  useSecond();
  return <span class="quiet-text">heard {formatDuration(serverNowS() - at)} ago</span>;
}

function WorkerCards({ worker }: { worker: ListedWorker }) {
  const { block_detail, uptime_detail } = worker.reputation.breakdown;
  const perHash = xnmPerMhash(worker);
  const perHashWords =
    perHash === null ? "no hash rate told yet" : `${formatNumber(perHash, 3)} XNM for a million hashes`;
  return (
    <div class="cards">
      <Card title="Price" figure={`${formatNumber(worker.price_per_min, 4)} XNM/min`} caption={perHashWords} />
      <Card
        title="Hash rate"
        figure={`${formatNumber(worker.hashrate, 0)} H/s`}
        caption={`${worker.active_gpus} of ${worker.gpu_count} GPUs at work`}
      />
      <Card
        title="Uptime"
        figure={`${formatNumber(uptime_detail.uptime_pct, 1)} %`}
        caption={`online ${formatDuration(uptime_detail.online_seconds)} of ${formatDuration(uptime_detail.total_seconds)}`}
      />
      <Card
        title="Blocks"
        figure={formatNumber(block_detail.verified_blocks, 0)}
        caption={`on the chain, ${formatNumber(worker.self_blocks_found, 0)} mined for itself`}
      />
    </div>
  );
}

/** What the worker's blocks on the chain bear out of the rate that it tells. */
function verifiedWords({ verified_hashrate }: ListedWorker): string {
  return verified_hashrate === null ? "not known yet" : `${formatNumber(verified_hashrate, 0)} H/s by blocks found`;
}

function WorkerFacts({ worker }: { worker: ListedWorker }) {
  const told: FactLine[] = [
    ["Address", worker.eth_address],
    ["Mines for", worker.current_address],
    ["Key prefix", worker.current_prefix],
    ["Pattern", worker.current_block_pattern],
  ];
  return (
    <Facts
      lines={[
        ["GPUs", <GpuBadges key="gpus" worker={worker} />],
        ["Memory", `${formatNumber(worker.total_memory_gb, 0)} GB`],
        ["Can be rented for", durationWords(worker)],
        ["Verified hash rate", verifiedWords(worker)],
        ...told.filter(([, value]) => value !== ""),
      ]}
    />
  );
}

function GpuBadges({ worker: { gpus, gpu_count } }: { worker: ListedWorker }) {
  if (gpus.length === 0) return <>{gpu_count}</>;
  return (
    <span class="row gpu-list">
      {gpuKinds(gpus).map((kind) => (
        <Badge key={kind}>{kind}</Badge>
      ))}
    </span>
  );
}

/** What it earned by leases, and the blocks that it mined for itself. */
function WorkerHistory({ id }: { id: string }) {
  const earnings = useLoaded<{ earnings: readonly SettlementAnswer[] }>(
    `/api/provider/earnings?provider_id=${encodeURIComponent(id)}`,
  );
  const blocks = useLoaded<OffsetPage<BlockAnswer>>(
    `/api/blocks/self-mined?limit=200&worker_id=${encodeURIComponent(id)}`,
  );
  return (
    <>
      <section class="panel" aria-label="Leases of this worker">
        <h2>Leases that were settled</h2>
        <Loading what="the settlements" loaded={earnings}>
          {/* An id that looks like an address stands for all workers of that address. */}
          {(answer) => (
            <SettlementTable
              settlements={answer.earnings.filter(({ worker_id }) => worker_id === id)}
              without="worker"
              empty="What its leases earned would be here."
            />
          )}
        </Loading>
      </section>
      <section class="panel" aria-label="Blocks of its own">
        <h2>Blocks of its own</h2>
        <Loading what="the blocks" loaded={blocks}>
          {({ items }) => (
            <BlocksTable
              name="own-blocks"
              blocks={items}
              without={["worker", "lease", "prefix"]}
              empty="Blocks that it mined for itself, between leases, would be here."
            />
          )}
        </Loading>
      </section>
    </>
  );
}
