import type { ListedWorker } from "../../src/systems/market/schema/workers";
import { Badge } from "../common/badge";
import { formatDuration } from "../common/format";
import type { Column } from "../common/table-rows";
import { leavingOut } from "./narrow";
import { ReputationStars } from "./reputation";
import { WorkerLink } from "./view";
import { gpuWords, situationOf, xnmPerMhash } from "./worker-words";

/** What a narrow screen leaves out: it is on the worker's page. */
const WIDE_ONLY = ["gpus", "hashrate", "price", "reputation", "duration"];

/** An offer: who, whether it can be had, what it is, what it costs, how good it was. */
export function offerColumns(nowS: number, rent: (worker: ListedWorker) => void): readonly Column<ListedWorker>[] {
  return leavingOut<ListedWorker>(WIDE_ONLY, [
    {
      key: "worker",
      title: "Worker",
      value: ({ worker_id }) => worker_id,
      show: ({ worker_id }) => <WorkerLink id={worker_id} />,
    },
    {
      key: "gpus",
      title: "GPUs",
      value: ({ gpus, gpu_count }) => gpuWords(gpus) || String(gpu_count),
      show: ({ gpus, gpu_count }) => (
        <bdi class="name gpus" title={gpuWords(gpus)}>
          {gpuWords(gpus) || gpu_count}
        </bdi>
      ),
    },
    { key: "hashrate", title: "Hash rate", unit: "H/s", value: ({ hashrate }) => hashrate },
    { key: "price", title: "Price", unit: "XNM/min", decimals: 4, value: ({ price_per_min }) => price_per_min },
    { key: "perhash", title: "Per hash", unit: "XNM/MH", decimals: 3, value: xnmPerMhash },
    {
      key: "reputation",
      title: "Reputation",
      value: ({ reputation }) => reputation.score,
      show: ({ reputation }) => <ReputationStars reputation={reputation} />,
    },
    {
      key: "duration",
      title: "Duration",
      value: durationWords,
    },
    {
      key: "state",
      title: "State",
      value: (worker) => situationOf(worker, nowS).word,
      show: (worker) => <RentOrWhyNot worker={worker} nowS={nowS} rent={rent} />,
    },
  ]);
}

/** The button that rents a free worker; else why it cannot be had. */
function RentOrWhyNot({
  worker,
  nowS,
  rent,
}: {
  worker: ListedWorker;
  nowS: number;
  rent: (worker: ListedWorker) => void;
}) {
  if (situationOf(worker, nowS).word !== "free") return <SituationBadge worker={worker} nowS={nowS} />;
  return (
    <button type="button" class="in-row" aria-label={`Rent ${worker.worker_id}`} onClick={() => rent(worker)}>
      Rent
    </button>
  );
}

/** Whether a worker can be had. */
export function SituationBadge({ worker, nowS }: { worker: ListedWorker; nowS: number }) {
  const { word, tone } = situationOf(worker, nowS);
  return <Badge tone={tone}>{word}</Badge>;
}

/** How long it can be rented at a time. */
export function durationWords({ min_duration_sec, max_duration_sec }: ListedWorker): string {
  return `${formatDuration(min_duration_sec)} to ${formatDuration(max_duration_sec)}`;
}
