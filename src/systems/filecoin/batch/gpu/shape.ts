import type { Members } from "../../../../gpu/params";
import type { SupplyBase } from "../../scenario";
import type { Model } from "../../schema/rules";
import type { OutputName } from "../../schema/series";
import type { ChancePlan, Wandering } from "../request/chance";
import type { InputName } from "../schema/variation";

/** Where a run's input comes from: one value or one a day for all runs, one of the run's own, or one a day of its own. */
export type InputSource =
  | { kind: "shared" }
  | { kind: "row"; place: number }
  | { kind: "vector"; place: number }
  | { kind: "level"; place: number }
  | { kind: "wandering" };

/** All that a kernel's text depends on. Numbers come in buffers, so that one text serves many jobs. */
export interface KernelShape {
  /** Those that depend on the scenario, in the order of their columns. */
  outputs: readonly OutputName[];
  store: "exact" | "histogram" | "none";
  hasPoints: boolean;
  /** Runs by a list of their numbers, not one after another. */
  isListed: boolean;
  /** Values stand in the order of the runs' own numbers, or of those that are done at once. */
  placedBy: "run" | "id";
  sources: Record<InputName, InputSource>;
  /** Floats of a row, and of a day's vector. */
  rowFloats: number;
  vectorFloats: number;
  /** Whether the scenario's own controls change by day. */
  tables: boolean;
  gamma: "gammaOne" | "arithmetic" | "geometric" | "harmonic";
  supplyBase: SupplyBase;
  hasFee: boolean;
  /** What falls due is a share of the stock, or comes from the table and the life of sectors. */
  model: Model;
  chance?: {
    levels: readonly ChancePlan["levels"][number]["distribution"]["kind"][];
    method?: Wandering["method"];
  };
}

/** Vectors of four that every day has: flows, supply, places of what is kept. */
export const BASE_VECTORS = 4;

/** Vectors of four of one day: flows, supply and places, then a fee's, then the controls by day. */
export function dayVectors({ hasFee, tables }: Pick<KernelShape, "hasFee" | "tables">): number {
  return BASE_VECTORS + (hasFee ? 1 : 0) + (tables ? 2 : 0);
}

const words = (...names: string[]) => names.map((name) => [name, "u32"] as const);
const floats = (...names: string[]) => names.map((name) => [name, "f32"] as const);

/** Sums of two floats in the uniform. */
export const TWO_FLOAT_MEMBERS = [
  "raw",
  "qa",
  "depth",
  "left",
  "byPower",
  "lockedPledge",
  "lockedReward",
  "locked",
  "time",
  "owed",
  "paying",
] as const;

/** Shares of a stock in two floats: what one of them is off by would add up over the days. */
export const SHARE_MEMBERS = ["rawDueShare", "qaDueShare", "qaLostShare"] as const;

/** The numbers of a walk of levels: the lower triangle of its steps, and the sizes of its first step. */
export const WALK_MEMBERS = [
  ...["walk00", "walk10", "walk11", "walk20", "walk21", "walk22", "walk30", "walk31", "walk32", "walk33"],
  ...["firstStep0", "firstStep1", "firstStep2", "firstStep3"],
];

/** The kernel's uniform. */
export const PARAM_MEMBERS: Members = [
  ...words("zero", "count", "firstRun", "listFrom", "days", "life", "slots", "room", "windows"),
  ...words("sampled", "stride", "pointed", "pointStride", "maxFlags", "weight", "seed", "weeks", "blockWeeks"),
  ...TWO_FLOAT_MEMBERS.flatMap((name) => floats(`${name}High`, `${name}Low`)),
  ...floats("circulating", "available", "onboardedRaw", "onboardedQa", "renewedRaw", "renewedQa", "reward"),
  ...floats(
    "rawEib",
    "qaEib",
    "capped",
    "leastRaw",
    "leastQa",
    "launchDepth",
    "unlockShare",
    "releasesWhatExists",
    "feePerPib",
    "feePerSector",
    "feeCap",
  ),
  ...floats("rbp", "renewalRate", "filPlusRate", "lockTarget", "multiplier", "renewedFactor", "gamma"),
  ...floats("start0", "start1", "start2", "persistence0", "persistence1", "persistence2"),
  ...floats("shock00", "shock10", "shock11", "shock20", "shock21", "shock22"),
  ...floats("renewalLoss", "pledgeExtraShare"),
  ...SHARE_MEMBERS.flatMap((name) => floats(name, `${name}Low`)),
  ...WALK_MEMBERS.flatMap((name) => floats(name)),
];

/** Renewal rates as a kernel takes them: where power is lost by shares, what is not renewed. */
export function shownRenewal({ model }: Pick<KernelShape, "model">, rates: Float64Array): Float64Array {
  return model === "attrition" ? rates.map((rate) => 1 - rate) : rates;
}
