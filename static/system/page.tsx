import { showPage } from "../common/shell";
import { Tabs } from "../common/tabs";
import { HealthTab } from "./health";
import { LogsTab } from "./logs";
import { MetricsTab } from "./metrics";
import { SettingsTab } from "./settings";
import { StorageTab } from "./storage";

showPage({ title: "System", Body: SystemPage });

function SystemPage() {
  return (
    <Tabs
      label="Views of the system"
      tabs={[
        { name: "health", title: "Health", Body: HealthTab },
        { name: "logs", title: "Logs", Body: LogsTab },
        { name: "settings", title: "Settings", Body: SettingsTab },
        { name: "metrics", title: "Metrics", Body: MetricsTab },
        { name: "storage", title: "Storage and backup", Body: StorageTab },
      ]}
    />
  );
}
