import type { SettingInForce } from "../common/api";
import { Badge } from "../common/badge";
import { useLoaded } from "../common/load";
import { Loading } from "../common/loading";
import { Table } from "../common/table";
import type { Column } from "../common/table-rows";

const COLUMNS: Column<SettingInForce>[] = [
  { key: "name", title: "Setting", value: ({ name }) => name, show: ({ name }) => <code>{name}</code> },
  {
    key: "value",
    title: "Value",
    value: ({ value }) => value,
    show: ({ value, unit }) =>
      value === null ? (
        <span class="quiet-text">unset</span>
      ) : (
        <>
          {value} {unit !== null && <span class="unit">{unit}</span>}
        </>
      ),
  },
  {
    key: "origin",
    title: "Origin",
    value: ({ origin }) => origin,
    show: ({ origin }) => (origin === "default" ? <span class="quiet-text">default</span> : <Badge>{origin}</Badge>),
  },
  { key: "meaning", title: "Meaning", wraps: true, value: ({ meaning }) => meaning },
];

/** Every setting in force and where it was set. A flag wins over the environment, that over the file, that over the default. */
export function SettingsTab() {
  const settings = useLoaded<SettingInForce[]>("/api/system/settings");
  return (
    <section class="panel" aria-label="Settings in force">
      <Loading what="the settings" loaded={settings}>
        {(rows) => (
          <Table
            name="settings"
            caption="settings in force"
            columns={COLUMNS}
            rows={rows}
            keyOf={({ name }) => name}
            empty={{ what: "The settings in force would be here." }}
          />
        )}
      </Loading>
    </section>
  );
}
