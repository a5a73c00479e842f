import type { PlaceRowAnswer } from "../../src/systems/epistemix/schema/page";
import { formatNumber } from "../common/format";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";
import { RunChoice, useShownRun } from "./run-choice";
import { at } from "./session";
import { useShown } from "./shown";
import { placeWords } from "./words";

/** Where people were exposed in one run. Places have no map: they are made of public figures. */
export default function PlacesTab() {
  const run = useShownRun();
  if (run === 0) return <p class="quiet-text">No run has ended yet.</p>;
  return (
    <>
      <div class="panel-tools">
        <RunChoice />
      </div>
      <Places key={run} run={run} />
    </>
  );
}

function Places({ run }: { run: number }) {
  const { condition } = useShown();
  const places = useLoaded<{ places: PlaceRowAnswer[] }>(at(`/runs/${run}/places`));
  return (
    <Loading what="places" loaded={places}>
      {(loaded) => (
        <Table
          name="places"
          caption="Places"
          columns={COLUMNS}
          rows={loaded.places.filter((row) => row.condition === condition)}
          keyOf={({ kind, place }) => `${kind} ${place}`}
          sort={{ key: "exposures", direction: "descending" }}
          empty={{ what: "This run tells of no places." }}
        />
      )}
    </Loading>
  );
}

const COLUMNS: Column<PlaceRowAnswer>[] = [
  { key: "kind", title: "Kind", value: ({ kind }) => placeWords(kind) },
  { key: "place", title: "Place", value: ({ place }) => place },
  { key: "people", title: "People", value: ({ people }) => people, decimals: 0 },
  { key: "exposures", title: "Exposed there", value: ({ exposures }) => exposures, decimals: 0 },
  { key: "exposed", title: "Of its people exposed", value: ({ exposed }) => exposed, decimals: 0 },
  {
    key: "share",
    title: "Share",
    unit: "%",
    value: ({ people, exposed }) => (people === 0 ? null : (100 * exposed) / people),
    show: ({ people, exposed }) => (people === 0 ? "–" : formatNumber((100 * exposed) / people, 1)),
  },
];
