import { z } from "zod";
import { optional, required } from "../../../platform/http/fastapi/members";
import { flag, integer, list, nullable, number, object, oneOf, text } from "../../../platform/http/fastapi/readers";

/** What requests to the market hold (docs/market.md); numbers may come as text, unknown members are ignored. */

const MAX_ID_LENGTH = 128;
const MAX_TEXT_LENGTH = 512;
const MAX_XNM = 1e9;
/** Ten years: no worker can be asked for longer. */
const MAX_SECONDS = 315_360_000;

/** The most workers of one order. */
const MAX_ORDERED = 100;

const ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7";
const LEASE = "lease-0b5f6c1e-6a1f-4b3e-9d58-2f1c7a90e4d3";

const id = text({ longest: MAX_ID_LENGTH });
const words = text({ longest: MAX_TEXT_LENGTH });
const amount = number({ least: -MAX_XNM, most: MAX_XNM });
const seconds = integer({ least: -MAX_SECONDS, most: MAX_SECONDS });
const rentedSeconds = integer({ least: 1, most: MAX_SECONDS });

/** An id that narrows what is asked for. Forms send an empty text when nothing was chosen. */
function choice(description: string) {
  return optional(id, undefined, description).transform((chosen) => chosen || undefined);
}

function paged(most: number, standard: number) {
  return {
    page: optional(integer({ least: 1, most: 1e9 }), 1, "The page, from 1"),
    limit: optional(integer({ least: 1, most }), standard, "Items on a page"),
  };
}

const cut = {
  limit: optional(integer({ least: 1, most: 1000 }), 50, "The most items to give"),
  offset: optional(integer({ least: 0, most: 1e12 }), 0, "Items to skip"),
};

const pathOf = (what: string, example: string) =>
  z.object({
    id: z
      .string()
      .describe(what)
      .meta({ examples: [example] }),
  });
export const workerPath = pathOf("The worker", "worker-1");
export const accountPath = pathOf("The account", "consumer-1");
export const leasePath = pathOf("The lease", LEASE);

export const registerBody = z
  .object({
    account_id: required(id, "The name of the account"),
    role: required(id, "provider or consumer"),
    eth_address: optional(id, "", "Where it is paid"),
    balance: optional(amount, 0, "Opening balance in XNM"),
  })
  .meta({ examples: [{ account_id: "consumer-9", role: "consumer", balance: 100 }] });
export const loginBody = z
  .object({
    account_id: required(id, "The name of the account"),
    regenerate: optional(flag(), false, "Makes a new key; the old ones are good no longer"),
  })
  .meta({ examples: [{ account_id: "consumer-1" }] });
export const nonceQuery = z.object({ address: required(words, "0x and 40 hex digits").meta({ examples: [ADDRESS] }) });
export const verifyBody = z
  .object({
    address: required(words, "The address that signed"),
    signature: required(words, "65 bytes as hex: what personal_sign gave"),
    nonce: required(words, "The nonce of the message"),
  })
  .meta({ examples: [{ address: ADDRESS, signature: `0x${"1b".repeat(65)}`, nonce: "4b1d" }] });

export const amountBody = z.object({ amount: required(amount, "XNM") }).meta({ examples: [{ amount: 12.5 }] });
export const transferBody = z
  .object({
    to: required(id, "The account that receives"),
    amount: required(amount, "XNM"),
  })
  .meta({ examples: [{ to: "consumer-2", amount: 12.5 }] });
export const cutQuery = z.object(cut);
export const statementQuery = z.object({
  format: optional(oneOf(["json", "csv"]), "json", "json or csv"),
  ...cut,
});
export const listingBody = z
  .object({ listed: required(flag(), "Whether the worker is offered") })
  .meta({ examples: [{ listed: false }] });

export const offersQuery = z.object({
  sort_by: optional(
    words,
    "price",
    "price, hashrate, verified, reliability, gpus or memory; anything else is the order of registration",
  ),
  gpu_type: optional(words, undefined, "A part of a GPU's name, in any case"),
  min_hashrate: optional(number(), undefined, "Hashes per second"),
  max_price: optional(amount, undefined, "XNM per minute"),
  min_gpus: optional(integer(), undefined, "Number of GPUs"),
  min_reliability: optional(number({ least: 0, most: 100 }), undefined, "Score of the reputation, 0 to 100"),
  min_verified_hashrate: optional(number(), undefined, "Hashes per second that blocks on the chain bear out"),
  available_only: optional(flag(), true, "Only workers that can be rented now"),
  ...paged(100, 18),
});
export const estimateQuery = z.object({
  duration_sec: required(rentedSeconds, "Seconds").meta({ examples: [600] }),
  worker_id: choice("This worker, free or not"),
  min_hashrate: optional(number(), undefined, "Else the cheapest free worker with this many hashes per second"),
});
export const pricingBody = z
  .object({
    price_per_min: required(amount, "XNM per minute"),
    min_duration_sec: optional(seconds, 60, "The shortest lease that is liked"),
    max_duration_sec: optional(seconds, 86_400, "The longest lease that is let"),
  })
  .meta({ examples: [{ price_per_min: 0.6, min_duration_sec: 60, max_duration_sec: 86_400 }] });

/** What a renter may ask for beside worker and time. */
const wishes = {
  max_price: optional(nullable(amount), null, "The most per minute, XNM"),
  min_hashrate: optional(nullable(number()), null, "Hashes per second that the worker tells at least"),
  budget: optional(nullable(amount), null, "The most that the lease may cost, XNM; it ends when that is used"),
};

export const orderBody = z
  .object({
    consumer_id: optional(id, "", "Who pays; else the caller"),
    consumer_address: optional(id, "", "Where the blocks go; else the account's address"),
    duration_sec: optional(rentedSeconds, 3600, "Seconds, of each lease"),
    workers: optional(integer({ least: 1, most: MAX_ORDERED }), 1, "How many, the cheapest first"),
    worker_ids: optional(nullable(list(id, { least: 1, most: MAX_ORDERED })), null, "These workers instead"),
    ...wishes,
  })
  .meta({ examples: [{ consumer_id: "consumer-1", duration_sec: 600, workers: 3 }] });
export const extendBody = z
  .object({
    duration_sec: optional(integer({ least: 0, most: MAX_SECONDS }), 0, "Seconds more"),
    budget: optional(nullable(amount), null, "The budget of the whole lease from now on, XNM"),
  })
  .meta({ examples: [{ duration_sec: 600 }] });
export const rentBody = z
  .object({
    consumer_id: optional(id, "", "Who pays; else the caller"),
    consumer_address: optional(id, "", "Where the blocks go; else the caller's address"),
    duration_sec: optional(rentedSeconds, 3600, "Seconds"),
    worker_id: optional(nullable(id), null, "This worker; else the cheapest that is free").transform(
      (chosen) => chosen || null,
    ),
    ...wishes,
    quote_id: optional(nullable(text({ longest: 1024 })), null, "An estimate's quote: its worker, time and price"),
  })
  .meta({ examples: [{ consumer_id: "consumer-1", duration_sec: 600 }] });
export const stopBody = z.object({ lease_id: required(id, "The lease") }).meta({ examples: [{ lease_id: LEASE }] });
export const leasesQuery = z.object({ state: choice("active, completed or cancelled"), ...cut });
export const blocksQuery = z.object({
  lease_id: choice("All blocks of this lease, oldest first, without paging"),
  ...cut,
});
export const selfMinedQuery = z.object({ worker_id: choice("Of this worker only"), ...cut });
export const recentQuery = z.object({
  limit: optional(integer({ least: 1, most: 200 }), 20, "The most blocks to give"),
});

export const fleetQuery = z.object({
  ...paged(100, 20),
  sort: optional(text({ longest: 4, pattern: /^(asc|desc)$/ }), "desc", "By hash rate: asc or desc"),
  eth_address: choice("Only workers of this address"),
});
export const historyQuery = z.object({
  worker_id: choice("Of this worker only"),
  hours: optional(number({ least: 0.0167, most: 24 }), 1, "How far back"),
});
export const activityQuery = z.object(paged(200, 50));

const providerId = { provider_id: choice("An address, a worker or an account; else the wallet's") };
export const providerQuery = z.object(providerId);
export const providerWorkersQuery = z.object({ ...providerId, ...paged(100, 20) });

export const periodQuery = z.object({
  period: optional(text({ longest: 3, pattern: /^(24h|7d|30d)$/ }), "30d", "24h, 7d or 30d"),
});
export const walletCommandBody = z
  .object({
    command: required(id, "restart, stop, start, update_config, list or unlist"),
    params: optional(object(), {}, "Sent along"),
  })
  .meta({ examples: [{ command: "restart" }] });
/** So many workers are simulated at most: a fifth of a second each until the last one is there. */
export const MAX_SIMULATED = 25;
export const simulatorBody = z
  .object({
    workers: optional(integer({ least: 1, most: MAX_SIMULATED }), 5, "How many"),
  })
  .meta({ examples: [{ workers: 5 }] });
export const controlBody = z
  .object({
    action: optional(id, "set_config", "pause, resume, shutdown or set_config"),
    config: optional(object(), {}, "Sent along"),
  })
  .meta({ examples: [{ action: "pause" }] });
