import { lazy } from "../common/lazy";
import { showPage } from "../common/shell";
import { Tabs } from "../common/tabs";
import { NowTab } from "./now-tab";

const TABS = [
  { name: "now", title: "Now", Body: NowTab },
  { name: "clients", title: "Clients", Body: lazy(() => import("./clients-tab")) },
  { name: "try", title: "Publish and subscribe", Body: lazy(() => import("./try-tab")) },
  { name: "retained", title: "Retained", Body: lazy(() => import("./retained-tab")) },
  { name: "limits", title: "Limits", Body: lazy(() => import("./limits-tab")) },
] as const;

showPage({
  title: "Broker",
  commands: [
    { kind: "command", title: "Publish or subscribe", hint: "from this page", href: "/broker?tab=try" },
    { kind: "command", title: "Find a client", hint: "of the broker", href: "/broker?tab=clients" },
  ],
  Body: () => <Tabs label="Views of the broker" tabs={TABS} />,
});
