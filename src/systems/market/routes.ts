import { Elysia } from "elysia";
import { routesWithErrors } from "../../platform/http/errorShape";
import { fieldShape } from "../../platform/http/fields";
import { refuseHead } from "../../platform/http/refuseHead";
import { accountRoutes, ledgerRoutes, signInRoutes } from "./routes/accountRoutes";
import { controlRoutes, walletRoutes } from "./routes/controlRoutes";
import { feedRoutes } from "./routes/feedRoutes";
import { createGate } from "./routes/gate";
import { blockRoutes, leaseRoutes, renterRoutes, rentRoutes } from "./routes/leaseRoutes";
import { monitoringRoutes, providerRoutes } from "./routes/monitoringRoutes";
import { offerRoutes } from "./routes/offerRoutes";
import { simulatorRoutes } from "./routes/simulatorRoutes";
import type { MarketService } from "./service";

/** HTTP and WebSocket of the market (docs/market.md). */
export function marketRoutes(market: MarketService) {
  const gate = createGate(market);
  return routesWithErrors("market", fieldShape, market.options.log)
    .onBeforeHandle(refuseHead)
    .use(
      new Elysia()
        .use(signInRoutes(market, gate))
        .use(accountRoutes(market, gate))
        .use(ledgerRoutes(market, gate))
        .use(offerRoutes(market, gate))
        .use(rentRoutes(market, gate))
        .use(leaseRoutes(market, gate))
        .use(renterRoutes(market, gate))
        .use(blockRoutes(market, gate))
        .use(monitoringRoutes(market, gate))
        .use(providerRoutes(market, gate))
        .use(walletRoutes(market))
        .use(controlRoutes(market, gate))
        .use(simulatorRoutes(market, gate))
        .use(feedRoutes(market)),
    );
}
