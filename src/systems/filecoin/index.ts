import type { Platform } from "../../platform/platform";
import type { System } from "../../platform/system";
import { openHistory } from "./history/openHistory";
import { filecoinRoutes } from "./routes";
import { createService } from "./service";

/** The Filecoin economy forecaster. @throws UsageError at `start` when the history file cannot be used. */
export function createFilecoin(platform: Platform): System {
  const { config, log } = platform;
  const service = createService(platform, () => "Historical data not loaded yet; try again shortly");
  const facts = () => {
    const { source, startDate, currentDate } = service.history();
    return { engine: "CPU f64", source, start_date: startDate, current_date: currentDate };
  };
  return {
    name: "filecoin",
    page: "filecoin",
    routes: filecoinRoutes(service, config, log),
    async start() {
      service.useHistory(openHistory(config.HISTORY_FILE));
    },
    stop: () => service.stop(),
    health: () => ({ ready: true, status: "healthy", jax_backend: "cpu", ...facts() }),
    about: () => ({ jax_backend: "cpu" }),
    card: () => ({
      title: "Filecoin",
      figure: `${(service.history().rawPowerTodayPib / 1024).toFixed(2)} EiB`,
      caption: `raw power on ${service.history().currentDate}`,
      action: { label: "Forecast the economy", href: "/filecoin" },
    }),
  };
}
