import { Elysia } from "elysia";
import { routesWithErrors } from "../../platform/http/errorShape";
import { fastApiErrors } from "../../platform/http/fastapi/errors";
import { refuseHead } from "../../platform/http/refuseHead";
import { createAccess } from "./routes/access";
import { accountRoutes, ledgerRoutes, signInRoutes, statementRoutes, walletSignInRoutes } from "./routes/accountRoutes";
import { controlRoutes, walletRoutes } from "./routes/controlRoutes";
import { feedRoutes } from "./routes/feedRoutes";
import { blockRoutes, leaseRoutes, orderRoutes, renterRoutes, rentRoutes } from "./routes/leaseRoutes";
import { requestLimit } from "./routes/limits";
import { monitoringRoutes, providerRoutes } from "./routes/monitoringRoutes";
import { marketplaceRoutes, workerRoutes } from "./routes/offerRoutes";
import { simulatorRoutes } from "./routes/simulatorRoutes";
import type { MarketService } from "./service";

/** HTTP and WebSocket of the market (docs/market.md). */
export function marketRoutes(market: MarketService) {
  const access = createAccess(market);
  return routesWithErrors("market", fastApiErrors, market.options.log)
    .onBeforeHandle(refuseHead)
    .use(requestLimit(market))
    .use(
      new Elysia()
        .use(signInRoutes(market, access))
        .use(walletSignInRoutes(market, access))
        .use(accountRoutes(market, access))
        .use(statementRoutes(market, access))
        .use(ledgerRoutes(market, access))
        .use(workerRoutes(market, access))
        .use(marketplaceRoutes(market))
        .use(rentRoutes(market, access))
        .use(orderRoutes(market, access))
        .use(leaseRoutes(market, access))
        .use(renterRoutes(market, access))
        .use(blockRoutes(market, access))
        .use(monitoringRoutes(market, access))
        .use(providerRoutes(market, access))
        .use(walletRoutes(market))
        .use(controlRoutes(market, access))
        .use(simulatorRoutes(market, access))
        .use(feedRoutes(market)),
    );
}
