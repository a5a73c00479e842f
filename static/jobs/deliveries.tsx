import type { DeliveryAnswer } from "../../src/systems/jobs/schema/simulations";
import { useAction } from "../common/action";
import { postJson } from "../common/api";
import { Badge, type Tone } from "../common/badge";
import { Fault } from "../common/fault";
import { formatTime } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { at } from "./session";

const TONES: Record<DeliveryAnswer["status"], Tone> = { PENDING: "plain", DELIVERED: "good", FAILED: "fault" };

/** Who was told of the end of a job, and whether that came through. */
export default function Deliveries({ id }: { id: string }) {
  const deliveries = useLoaded<DeliveryAnswer[]>(at(`/simulations/${id}/deliveries`));
  const again = useAction("POST /simulations/{id}/deliveries/{delivery}/resend", async (delivery: string) => {
    await postJson(at(`/simulations/${id}/deliveries/${delivery}/resend`), {});
    deliveries.reload();
  });
  const columns: Column<DeliveryAnswer>[] = [
    { key: "url", title: "Address", value: ({ url }) => url, wraps: true },
    {
      key: "status",
      title: "State",
      value: ({ status }) => status.toLowerCase(),
      show: ({ status }) => <Badge tone={TONES[status]}>{status.toLowerCase()}</Badge>,
    },
    { key: "tries", title: "Tries", value: ({ tries }) => tries },
    { key: "http", title: "HTTP status", value: ({ http_status }) => http_status },
    { key: "error", title: "Fault", value: ({ error }) => error, wraps: true },
    { key: "time", title: "Planned", unit: "UTC", value: ({ created_at }) => formatTime(created_at) },
    {
      key: "again",
      title: "Action",
      value: () => null,
      show: (delivery) => (
        <button type="button" class="in-row" disabled={again.running} onClick={() => void again.run(delivery.id)}>
          Send again
        </button>
      ),
    },
  ];
  return (
    <Loading what="the call-backs" loaded={deliveries}>
      {(rows) => (
        <>
          {again.fault !== undefined && <Fault report={again.fault} />}
          <Table
            name="deliveries"
            caption="call-backs"
            columns={columns}
            rows={rows}
            keyOf={(row) => row.id}
            empty={{ what: "No call-backs. A job with a call-back address tells its end there." }}
          />
        </>
      )}
    </Loading>
  );
}
