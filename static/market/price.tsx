import type { PricedWorker } from "../../src/systems/market/schema/workers";
import { useAction } from "../common/action";
import { putJson } from "../common/api";
import { Dialog } from "../common/dialog";
import { Fault } from "../common/fault";
import { Form } from "../common/form";
import type { JsonSchema } from "../common/form-schema";
import { formatNumber } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { toast } from "../common/toast";
import { askForList } from "./fleet";

const SCHEMA: JsonSchema = {
  type: "object",
  required: ["price_per_min", "min_duration_sec", "max_duration_sec"],
  properties: {
    price_per_min: { type: "number", title: "Price", minimum: 0, maximum: 1e9, "x-unit": "XNM/min" },
    min_duration_sec: { type: "integer", title: "Shortest lease that is liked", minimum: 1, "x-unit": "s" },
    max_duration_sec: { type: "integer", title: "Longest lease that is let", minimum: 1, "x-unit": "s" },
  },
};

/** Price and limits of one worker. Leases that run keep the price they began with. */
export function PriceDialog(props: { workerId: string; onClose: () => void; onSaved: () => void }) {
  const path = `/api/workers/${encodeURIComponent(props.workerId)}/pricing`;
  const pricing = useLoaded<PricedWorker>(path);
  const suggested = useLoaded<{ suggested_price_per_min: number }>(`${path}/suggest`);
  const save = useAction(`PUT ${path}`, async (value: Record<string, unknown>) => {
    await putJson(path, value);
    toast("Price saved");
    void askForList();
    props.onSaved();
  });
  return (
    <Dialog title="Price" onClose={props.onClose}>
      <p>
        <bdi>{props.workerId}</bdi>
      </p>
      {suggested.value !== undefined && (
        <p class="quiet-text">
          {formatNumber(suggested.value.suggested_price_per_min, 4)} XNM/min is suggested for its GPUs. Leases that run
          keep the price they began with.
        </p>
      )}
      <Loading what="the price" loaded={pricing}>
        {({ price_per_min, min_duration_sec, max_duration_sec }) => (
          <Form
            schema={SCHEMA}
            value={{ price_per_min, min_duration_sec, max_duration_sec }}
            submitLabel="Save"
            onSubmit={(value) => void save.run(value)}
          />
        )}
      </Loading>
      {save.fault !== undefined && <Fault report={save.fault} />}
    </Dialog>
  );
}
