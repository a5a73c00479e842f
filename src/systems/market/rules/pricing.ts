import { roundHalfEven } from "../../../numeric/rounding";

/** Prices and limits of a new worker until its provider sets others. */
export const DEFAULT_PRICE_PER_MIN_XNM = 0.6;
export const DEFAULT_MIN_DURATION_SEC = 60;
export const DEFAULT_MAX_DURATION_SEC = 86_400;

const PROVIDER_SHARE = 0.95;
const FEE_SHARE = 0.05;
const MONEY_PLACES = 4;

/** XNM per minute by GPU; the first whose name occurs in the GPU's counts, so that a 4070 Ti is a 4070. */
const PRICE_BY_GPU: readonly (readonly [name: string, pricePerMin: number])[] = [
  ["rtx 4090", 1.2],
  ["rtx 4080", 0.9],
  ["rtx 4070", 0.6],
  ["rtx 3090", 0.8],
  ["rtx 3080", 0.55],
  ["rtx 3070", 0.4],
  ["rtx 3060", 0.25],
  ["a100", 2],
  ["h100", 3.5],
];

/** XNM per minute of a GPU that the table does not name, by its memory. */
const PRICE_BY_MEMORY: readonly (readonly [atLeastGb: number, pricePerMin: number])[] = [
  [80, 2],
  [24, 0.8],
  [12, 0.4],
];
const SMALL_GPU_PRICE = 0.2;

export interface Hardware {
  gpuCount: number;
  totalMemoryGb: number;
  /** As the worker reported them: objects of whatever shape. */
  gpus: readonly unknown[];
}

/** A fair price for this hardware in XNM per minute, 4 decimals (docs/market.md, Pricing). */
export function suggestPricePerMin({ gpuCount, totalMemoryGb, gpus }: Hardware): number {
  if (gpus.length === 0) {
    const perGpu = priceByMemory(totalMemoryGb);
    const price = perGpu === undefined ? DEFAULT_PRICE_PER_MIN_XNM : perGpu * gpuCount;
    return roundHalfEven(price, MONEY_PLACES);
  }
  let sum = 0;
  for (const gpu of gpus) sum += gpuPrice(gpu);
  return roundHalfEven(sum > 0 ? sum : DEFAULT_PRICE_PER_MIN_XNM, MONEY_PLACES);
}

function gpuPrice(gpu: unknown): number {
  const name = gpuName(gpu).toLowerCase();
  const known = PRICE_BY_GPU.find(([part]) => name.includes(part));
  return known?.[1] ?? priceByMemory(gpuMemoryGb(gpu)) ?? SMALL_GPU_PRICE;
}

function priceByMemory(memoryGb: number): number | undefined {
  return PRICE_BY_MEMORY.find(([atLeastGb]) => memoryGb >= atLeastGb)?.[1];
}

/** The name of a GPU as reported, or an empty text. */
export function gpuName(gpu: unknown): string {
  const name = member(gpu, "name");
  return typeof name === "string" ? name : "";
}

/** Gigabytes of a GPU: `memory_gb`, or `totalMemory` where that is absent; texts are read as numbers, others as 0. */
export function gpuMemoryGb(gpu: unknown): number {
  const told = member(gpu, "memory_gb");
  const memory = told === undefined ? member(gpu, "totalMemory") : told;
  const gigabytes = typeof memory === "string" ? Number(memory) : memory;
  return typeof gigabytes === "number" && Number.isFinite(gigabytes) ? gigabytes : 0;
}

function member(value: unknown, name: string): unknown {
  if (value === null || typeof value !== "object") return undefined;
  return (value as Record<string, unknown>)[name];
}

export interface Pricing {
  pricePerMin: number;
  minDurationSec: number;
  maxDurationSec: number;
}

/** Why a pricing is refused, or undefined when it may stand. */
export function pricingFault({ pricePerMin, minDurationSec, maxDurationSec }: Pricing): string | undefined {
  if (pricePerMin < 0) return "price_per_min must be non-negative";
  if (minDurationSec < 1) return "min_duration_sec must be at least 1";
  if (maxDurationSec < minDurationSec) return "max_duration_sec must be >= min_duration_sec";
  return undefined;
}

export interface Estimate {
  totalCost: number;
  providerPayout: number;
  platformFee: number;
  warning?: string;
}

/** What `durationSec` would cost in XNM; each figure is rounded to 4 decimals by itself from the unrounded total. */
export function estimate(pricing: Pricing, durationSec: number): Estimate {
  const total = pricing.pricePerMin * (durationSec / 60);
  const warning = durationWarning(pricing, durationSec);
  return {
    totalCost: roundHalfEven(total, MONEY_PLACES),
    providerPayout: roundHalfEven(total * PROVIDER_SHARE, MONEY_PLACES),
    platformFee: roundHalfEven(total * FEE_SHARE, MONEY_PLACES),
    ...(warning === undefined ? {} : { warning }),
  };
}

/** The sentence on a duration outside a worker's limits, or undefined inside them. */
export function durationWarning({ minDurationSec, maxDurationSec }: Pricing, durationSec: number): string | undefined {
  if (durationSec < minDurationSec) return `Duration below minimum (${minDurationSec}s)`;
  if (durationSec > maxDurationSec) return `Duration above maximum (${maxDurationSec}s)`;
  return undefined;
}
