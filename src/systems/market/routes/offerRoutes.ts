import { Elysia } from "elysia";
import type { z } from "zod";
import { RequestError } from "../../../platform/errors";
import { operation } from "../../../platform/http/api/operation";
import { valid } from "../../../platform/http/input";
import { setPricing } from "../dealings/pricing";
import { QUOTE_LIFE_MS } from "../dealings/quotes";
import { matchWorker } from "../rules/matching";
import { nanoOf, xnmOf } from "../rules/money";
import { cheapestFree, offers } from "../rules/offers";
import { estimate, suggestPricePerMin } from "../rules/pricing";
import type { Worker } from "../rules/worker";
import { estimateQuery, offersQuery, pricingBody, workerPath } from "../schema/requests";
import * as answer from "../schema/workers";
import type { MarketService } from "../service";
import { pageOf } from "../views/pages";
import { listedWorker, offeredWorker, pricedWorker, workerReputation } from "../views/workerViews";
import { type Access, bodyOf, jsonBytes, knownWorker } from "./access";

/** Workers and their prices. */
export function workerRoutes(market: MarketService, access: Access) {
  const { live, answers, options } = market;
  const { clock } = options;
  const listAll = () => {
    const nowMs = clock.now();
    return Array.from(live.workers.values(), (worker) => listedWorker(worker, nowMs, options.chain?.hashesPerBlock()));
  };
  return new Elysia({ tags: ["market: workers"] })
    .get(
      "/api/workers",
      () => jsonBytes(answers.bytes("workers", listAll)),
      operation({ summary: "Every worker with its reputation", answer: answer.listedWorkers }),
    )
    .get(
      "/api/workers/:id/pricing",
      ({ params: { id } }) => pricedWorker(knownWorker(market, id)),
      operation({ summary: "A worker's prices and limits", path: workerPath, answer: answer.pricedWorker }),
    )
    .get(
      "/api/workers/:id/pricing/suggest",
      ({ params: { id } }) => suggestion(knownWorker(market, id)),
      operation({ summary: "A fair price for a worker's hardware", path: workerPath, answer: answer.suggestion }),
    )
    .get(
      "/api/workers/:id/reputation",
      ({ params: { id } }) => workerReputation(knownWorker(market, id), clock.now()),
      operation({ summary: "What a worker's reputation is made of", path: workerPath, answer: answer.reputation }),
    )
    .put(
      "/api/workers/:id/pricing",
      ({ request, params: { id } }) => takePricing(market, access, request, id),
      operation({
        summary: "Set a worker's prices and limits",
        path: workerPath,
        body: pricingBody,
        answer: answer.pricing,
        security: access.waysIn("set a price"),
      }),
    )
    .put(
      "/api/provider/workers/:id/pricing",
      ({ request, params: { id } }) => takePricing(market, access, request, id),
      operation({
        summary: "The same, as the provider's page calls it",
        path: workerPath,
        body: pricingBody,
        answer: answer.pricing,
        security: access.waysIn("set a price"),
      }),
    );
}

/** What can be rented, and what it would cost. */
export function marketplaceRoutes(market: MarketService) {
  const { answers } = market;
  return new Elysia({ tags: ["market: workers"] })
    .get(
      "/api/marketplace",
      ({ query }) => {
        const wanted = valid(offersQuery, query, "query");
        return jsonBytes(answers.bytes(`offers ${JSON.stringify(wanted)}`, () => pageOfOffers(market, wanted)));
      },
      operation({ summary: "Workers that can be rented", query: offersQuery, answer: answer.offers }),
    )
    .get(
      "/api/marketplace/estimate",
      ({ query }) => estimateFor(market, valid(estimateQuery, query, "query")),
      operation({ summary: "What a lease would cost", query: estimateQuery, answer: answer.estimate }),
    );
}

function suggestion(worker: Worker) {
  return {
    worker_id: worker.workerId,
    suggested_price_per_min: suggestPricePerMin(worker),
    gpu_count: worker.gpuCount,
    total_memory_gb: worker.totalMemoryGb,
    current_price_per_min: xnmOf(worker.pricePerMin),
  };
}

function pageOfOffers(
  { live, options }: MarketService,
  query: z.output<typeof offersQuery>,
): z.infer<typeof answer.offers> {
  const nowMs = options.clock.now();
  const hashesPerBlock = options.chain?.hashesPerBlock();
  const found = offers(
    live.workers.values(),
    {
      sortBy: query.sort_by,
      gpuType: query.gpu_type,
      minHashrate: query.min_hashrate,
      maxPrice: query.max_price === undefined ? undefined : nanoOf(query.max_price),
      minGpus: query.min_gpus,
      availableOnly: query.available_only,
      minReliability: query.min_reliability,
      minVerifiedHashrate: query.min_verified_hashrate,
      hashesPerBlock,
    },
    nowMs,
  );
  const page = pageOf(found, query);
  return { ...page, items: page.items.map((worker) => offeredWorker(worker, nowMs, hashesPerBlock)) };
}

function estimateFor(market: MarketService, query: z.output<typeof estimateQuery>) {
  const { quotes, options } = market;
  const { duration_sec: durationSec } = query;
  const worker = estimatedWorker(market, query);
  const pricePerMin = xnmOf(worker.pricePerMin);
  const { totalCost, providerPayout, platformFee, warning } = estimate({ ...worker, pricePerMin }, durationSec);
  return {
    worker_id: worker.workerId,
    duration_sec: durationSec,
    price_per_min: pricePerMin,
    total_cost: totalCost,
    provider_payout: providerPayout,
    platform_fee: platformFee,
    hashrate: worker.hashrate,
    min_duration_sec: worker.minDurationSec,
    max_duration_sec: worker.maxDurationSec,
    ...(warning !== undefined && { warning }),
    quote_id: quotes.idOf({ workerId: worker.workerId, pricePerMin: worker.pricePerMin, durationSec }),
    quote_expires_at: (options.clock.now() + QUOTE_LIFE_MS) / 1000,
  };
}

/** The worker that renting would take; where none is let for so long, the cheapest that is free, with a warning. */
function estimatedWorker(market: MarketService, query: z.output<typeof estimateQuery>): Worker {
  const { duration_sec: durationSec, worker_id: workerId, min_hashrate: minHashrate = 0 } = query;
  if (workerId !== undefined) return knownWorker(market, workerId);
  const { live, options } = market;
  const nowMs = options.clock.now();
  const match = matchWorker(live.workers, { workerId: null, durationSec, minHashrate }, () => false, nowMs);
  if (match !== undefined && "worker" in match) return match.worker;
  const free = cheapestFree(live.workers.values(), minHashrate, nowMs);
  if (free === undefined) throw new RequestError(404, "No available workers matching criteria");
  return free;
}

/** Takes a new price in. */
async function takePricing(market: MarketService, access: Access, request: Request, workerId: string) {
  const who = await access.caller(request, "set a price");
  const body = await bodyOf(request, pricingBody);
  access.demand("set a price", who, access.owns(who, workerId));
  knownWorker(market, workerId);
  const limits = { minDurationSec: body.min_duration_sec, maxDurationSec: body.max_duration_sec };
  const { live, options } = market;
  await setPricing({ live, database: options.database }, workerId, { pricePerMin: body.price_per_min, ...limits });
  const { price_per_min, min_duration_sec, max_duration_sec } = pricedWorker(knownWorker(market, workerId));
  return { worker_id: workerId, price_per_min, min_duration_sec, max_duration_sec };
}
