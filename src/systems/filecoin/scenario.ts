import type { Rates } from "./history/snapshot";
import { DEFAULT_LOCK_TARGET, DEFAULT_SECTOR_DAYS, FIL_PLUS_MULTIPLIER, MAX_FORECAST_DAYS } from "./schema/bounds";
import {
  FIP81,
  FIP100,
  type GammaRamp,
  MAINNET_FEE,
  MAINNET_RAMP,
  type RewardSplit,
  type SectorFee,
} from "./schema/policies";
import type { Model, Rules } from "./schema/rules";

/** One number for every forecast day, or one number for each of them. A list of length 1 counts as one number. */
export type Control = number | ArrayLike<number>;

/** What is assumed of the days to come. Values only, so that it can be handed to a Worker. */
export interface Scenario {
  rules: Rules;
  model: Model;
  /** 1 to `MAX_FORECAST_DAYS`; day 0 is the current date. */
  forecastDays: number;
  /** 1 to `MAX_SECTOR_DAYS`. */
  sectorDays: number;
  /** Raw power onboarded, PiB a day. */
  rbpPibPerDay: Control;
  /** Share of expiring power that is renewed. */
  renewalRate: Control;
  /** Share of onboarded power that holds verified deals. */
  filPlusRate: Control;
  /** Share of supply that consensus pledge aims to lock. */
  lockTarget: Control;
  /** Quality of verified power. */
  filPlusMultiplier: Control;
  /** Factor on the renewal rate of quality-adjusted power. */
  qaRenewalMultiplier: Control;
  /** Factor on what quality-adjusted power loses beside that of raw power, where it is shares that are lost; 1 where absent. */
  qaAttrition?: Control;
  /** Burnt beside fees, FIL a day; as in the history where absent. */
  burnPerDayFil?: Control;
  /** Weight of the pledge that looks at the baseline; 1 - gamma goes to the pledge that does not. */
  gamma: Control;
  /** How the two are weighted: 0 arithmetic, 1 geometric, 2 harmonic. */
  gammaWeighting: Control;
  /** The supply that consensus pledge is a share of. */
  supplyBase: SupplyBase;
  /**
   * `none` uses the tables of scheduled expirations as they are. `server` begins them H days late, H being the length
   * of the history, as the original server does; docs/filecoin.md, "Known expirations".
   */
  knownTrim: "none" | "server";
  /** A baseline in EiB for each day from the start date to the last forecast day, in place of the protocol's. */
  baselineEib?: ArrayLike<number>;
  /** Stands in for `gamma`. */
  gammaRamp?: GammaRamp;
  sectorFee?: SectorFee;
  rewardSplit?: RewardSplit;
  /** What a reader of the results must know of how the scenario was read. */
  notes: readonly string[];
}

export type SupplyBase = "circulating" | "available";

/**
 * What a scenario file or a request may hold, by the contract's names; docs/filecoin.md, "Scenarios".
 * What is absent or null takes its default.
 */
export interface ScenarioMembers {
  rules?: Rules | null | undefined;
  model?: Model | null | undefined;
  burn_per_day?: Control | null | undefined;
  forecast_length_days?: number | null | undefined;
  sector_duration_days?: number | null | undefined;
  rbp?: Control | null | undefined;
  rr?: Control | null | undefined;
  fpr?: Control | null | undefined;
  lock_target?: Control | null | undefined;
  fil_plus_m?: Control | null | undefined;
  qa_renew_relative_multiplier?: Control | null | undefined;
  gamma?: Control | null | undefined;
  gamma_weight_type?: Control | null | undefined;
  use_available_supply?: boolean | null | undefined;
  known_trim?: "none" | "server" | null | undefined;
  baseline_eib?: ArrayLike<number> | null | undefined;
  /** False takes a policy of the rules away. */
  fip81?: GammaRamp | false | null | undefined;
  fip100?: SectorFee | false | null | undefined;
  fip118?: RewardSplit | false | null | undefined;
}

/** What a scenario takes that its members do not say, by where it came in. */
export interface ScenarioDefaults {
  /** `plain` where absent; where it is said to be that, a note tells it. */
  rules?: Rules;
  /** `none` where absent. */
  knownTrim?: Scenario["knownTrim"];
}

/** The scenario that `members` describe; rates that they do not state are the `smoothed` ones of the history. */
export function scenarioFrom(
  members: ScenarioMembers,
  smoothed: Rates<number>,
  defaults: ScenarioDefaults = {},
): Scenario {
  const rules = members.rules ?? defaults.rules ?? "plain";
  const scenario: Scenario = {
    rules,
    model: members.model ?? USUAL_MODELS[rules],
    forecastDays: members.forecast_length_days ?? MAX_FORECAST_DAYS,
    sectorDays: members.sector_duration_days ?? DEFAULT_SECTOR_DAYS,
    rbpPibPerDay: members.rbp ?? smoothed.rawBytePower,
    renewalRate: members.rr ?? smoothed.renewalRate,
    filPlusRate: members.fpr ?? smoothed.filPlusRate,
    lockTarget: members.lock_target ?? DEFAULT_LOCK_TARGET,
    filPlusMultiplier: members.fil_plus_m ?? FIL_PLUS_MULTIPLIER,
    qaRenewalMultiplier: members.qa_renew_relative_multiplier ?? 1,
    gamma: members.gamma ?? 1,
    gammaWeighting: members.gamma_weight_type ?? 0,
    supplyBase: members.use_available_supply ? "available" : "circulating",
    knownTrim: members.known_trim ?? defaults.knownTrim ?? "none",
    notes: notesOn(members, rules, defaults),
  };
  if (members.burn_per_day != null) scenario.burnPerDayFil = members.burn_per_day;
  if (members.baseline_eib != null) scenario.baselineEib = members.baseline_eib;
  return { ...scenario, ...policiesFrom(members, rules) };
}

const USUAL_MODELS: Record<Rules, Model> = { mainnet: "attrition", plain: "schedule" };

/** Policies that members name, or else that the rules have. */
function policiesFrom(
  members: ScenarioMembers,
  rules: Rules,
): Pick<Scenario, "gammaRamp" | "sectorFee" | "rewardSplit"> {
  const inForce = rules === "mainnet";
  const gammaRamp = members.fip81 ?? (inForce && members.gamma == null && MAINNET_RAMP);
  const sectorFee = members.fip100 ?? (inForce && MAINNET_FEE);
  return {
    ...(gammaRamp && { gammaRamp }),
    ...(sectorFee && { sectorFee }),
    ...(members.fip118 && { rewardSplit: members.fip118 }),
  };
}

/** What is told where nobody asked for the plain rules. */
export const PLAIN_NOTE = `Plain rules, as the original has them: without FIP-81 (in force since ${FIP81.startDate}), FIP-100 (since ${FIP100.startDate}) and the protocol's baseline constant. Ask for rules "mainnet" to have them.`;

/** What is to be told: members that stand in for what the rules in force say, and plain rules that nobody asked for. */
function notesOn(members: ScenarioMembers, rules: Rules, defaults: ScenarioDefaults): string[] {
  if (rules === "plain") return members.rules == null && defaults.rules !== undefined ? [PLAIN_NOTE] : [];
  const winning = (["fip81", "gamma", "fip100"] as const).filter((name) => members[name] != null);
  return winning.map((name) => `The member ${name} stands in for what the mainnet rules say.`);
}

/**
 * Writes a control into `target` from index `from` on, one value for each of `days`.
 * @throws RangeError when a list has neither one entry nor `days`.
 */
export function spreadControl(
  control: Control,
  days: number,
  target: Float64Array | Uint8Array,
  from: number,
  name: string,
): void {
  const single = typeof control === "number" ? control : control.length === 1 ? control[0]! : undefined;
  if (single !== undefined) {
    target.fill(single, from, from + days);
    return;
  }
  const list = control as ArrayLike<number>;
  if (list.length !== days) throw new RangeError(`${name}: expected 1 or ${days} values, got ${list.length}`);
  target.set(list, from);
}
