import type { Column } from "../common/table-rows";
import { Hex } from "./hex";
import { Name } from "./name";
import { PlaceLink, WorkerLink } from "./view";

/** Columns of what a lease is and between whom, of leases and of what was charged for them. */
export function partyColumns<
  Row extends { lease_id: string; worker_id: string; consumer_id: string },
>(): Column<Row>[] {
  return [
    {
      key: "lease",
      title: "Lease",
      value: ({ lease_id }) => lease_id,
      show: ({ lease_id }) => (
        <PlaceLink to={{ lease: lease_id }}>
          <Hex text={lease_id.replace("lease-", "")} />
        </PlaceLink>
      ),
    },
    {
      key: "worker",
      title: "Worker",
      value: ({ worker_id }) => worker_id,
      show: ({ worker_id }) => <WorkerLink id={worker_id} />,
    },
    {
      key: "consumer",
      title: "Consumer",
      value: ({ consumer_id }) => consumer_id,
      show: ({ consumer_id }) => <Name text={consumer_id} />,
    },
  ];
}
