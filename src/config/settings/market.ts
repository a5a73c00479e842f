import { integer, port, text, toggle } from "../kinds";
import type { Settings } from "../setting";

/** The hash-power market (docs/market.md). */
export const marketSettings = {
  MARKET_PORT: { kind: port, meaning: "A port of its own for the market, alone at the root." },
  MQTT_URL: {
    kind: text,
    meaning: "An outside MQTT broker (mqtt:, mqtts:, ws: or wss:) for the market, in place of the embedded one.",
    secret: true,
  },
  MARKET_ADMIN_KEY: {
    kind: text,
    meaning: "The market's admin key; default the original's known key while open, made at first start while closed.",
    secret: true,
    made: true,
  },
  MARKET_JWT_SECRET: {
    kind: text,
    meaning: "Signs the market's wallet tokens; default derived from SECRET_KEY.",
    flags: ["jwt-secret"],
    secret: true,
  },
  MARKET_REQUIRE_FUNDS: {
    kind: toggle,
    default: "false",
    meaning:
      "Renting sets the full cost, or the budget, aside in the consumer's account, as it always does while closed.",
  },
  MARKET_BILL_OFFLINE: {
    kind: toggle,
    default: "false",
    meaning: "Bills a lease for all of its time, whether its worker works, is away or never began.",
  },
  LEASE_START_S: {
    kind: integer(1, 86_400),
    default: "120",
    unit: "s",
    meaning: "A lease whose worker has not begun after so long ends and costs nothing.",
  },
  MARKET_GUARD_CONTROL: {
    kind: toggle,
    default: "false",
    meaning: "Commands for workers ask for the admin or the owner, as they always do while closed.",
  },
  MARKET_REQUESTS_PER_MIN: {
    kind: integer(0, 1_000_000),
    unit: "requests/min",
    meaning:
      "How often one address may call the market; 0 sets no limit. Default 1200 while closed, none while open. Answers tell what is left in RateLimit headers.",
  },
  MARKET_ACCOUNTS_PER_HOUR: {
    kind: integer(0, 1_000_000),
    unit: "accounts/h",
    meaning:
      "Accounts that one address may open without a credential; 0 sets no limit. Default 20 while closed, none while open.",
  },
  MARKET_MAX_WORKERS: {
    kind: integer(1, 1_000_000),
    default: "10000",
    meaning: "The most workers that may ever register with the market; more are refused with a reason.",
  },
} satisfies Settings;
