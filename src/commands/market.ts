import { defineCommand } from "citty";

export default defineCommand({
  meta: { name: "market", description: "Look at a market, rent, and let miners in." },
  subCommands: {
    enroll: () => import("./market/enroll").then((module) => module.default),
    offers: () => import("./market/calls").then(({ offers }) => offers),
    rent: () => import("./market/calls").then(({ rent }) => rent),
    leases: () => import("./market/calls").then(({ leases }) => leases),
    stop: () => import("./market/calls").then(({ stop }) => stop),
    balance: () => import("./market/calls").then(({ balance }) => balance),
    statement: () => import("./market/calls").then(({ statement }) => statement),
  },
});
