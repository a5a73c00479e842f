import { useStore } from "../common/store";
import { type Codec, numberCodec, urlStore } from "../common/url-state";
import { isKnots, type Rate, rateCodec, spreadKnots } from "./rate";

/** What is assumed of the days to come, as it stands in the address. */
export interface Scenario {
  rbp: Rate;
  rr: Rate;
  fpr: Rate;
  lock: Rate;
  /** The horizon. */
  days: number;
  sector: number;
  /** The day from which on a policy is in force; null while it is off. */
  fip81: string | null;
  fip100: string | null;
}

export type RateName = "rbp" | "rr" | "fpr" | "lock";

/** What a control of the scenario shows; the limits hold for the slider, for typing and for the address. */
export interface Input {
  label: string;
  unit: string;
  min: number;
  max: number;
  step: number;
}

export const INPUTS = {
  rbp: { label: "Onboarding", unit: "PiB/day", min: 0, max: 30, step: 0.05 },
  rr: { label: "Renewal rate", unit: "share", min: 0, max: 1, step: 0.005 },
  fpr: { label: "FIL+ rate", unit: "share", min: 0, max: 1, step: 0.005 },
  lock: { label: "Lock target", unit: "share", min: 0, max: 1, step: 0.005 },
  days: { label: "Horizon", unit: "days", min: 30, max: 3650, step: 5 },
  sector: { label: "Sector duration", unit: "days", min: 180, max: 1278, step: 1 },
} as const satisfies Record<string, Input>;

export const RATE_NAMES = ["rbp", "rr", "fpr", "lock"] as const;

/** The members of the API that the rates stand for. */
export const RATE_MEMBERS = { rbp: "rbp", rr: "rr", fpr: "fpr", lock: "lock_target" } as const;

export const DEFAULT_DAYS = 3650;
export const DEFAULT_SECTOR_DAYS = 540;
export const DEFAULT_LOCK_TARGET = 0.3;

/** Rules of the protocol that can be switched on; docs/filecoin.md, "Policies". The dates are those of mainnet. */
export const POLICIES = [
  { name: "fip81", title: "FIP-81", effect: "higher initial pledge, phased in", start: "2024-11-21" },
  { name: "fip100", title: "FIP-100", effect: "daily sector fee, burned", start: "2025-04-14" },
] as const;

/** The rules that all runs of the page follow; docs/filecoin.md, "Rules". */
export const RULES = "plain";

const dateCodec: Codec<string | null> = {
  fallback: null,
  read: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined),
  write: (date) => date ?? "",
};

const CODECS: { [Name in keyof Scenario]: Codec<Scenario[Name]> } = {
  rbp: rateCodec(INPUTS.rbp.min, INPUTS.rbp.max),
  rr: rateCodec(0, 1),
  fpr: rateCodec(0, 1),
  lock: rateCodec(0, 1),
  days: numberCodec(DEFAULT_DAYS, INPUTS.days.min, INPUTS.days.max),
  sector: numberCodec(DEFAULT_SECTOR_DAYS, INPUTS.sector.min, INPUTS.sector.max),
  fip81: dateCodec,
  fip100: dateCodec,
};

const NAMES = Object.keys(CODECS) as (keyof Scenario)[];

/** The store of one member, which writes itself into the address under its name. */
export function member<Name extends keyof Scenario>(name: Name) {
  return urlStore<Scenario[Name]>(name, CODECS[name]);
}

/** The scenario of the page. */
export function useScenario(): Scenario {
  const entries = NAMES.map((name) => [name, useStore<unknown>(member(name))]);
  return Object.fromEntries(entries) as unknown as Scenario;
}

/** The same, for what happens once. */
export function scenarioNow(): Scenario {
  return Object.fromEntries(NAMES.map((name) => [name, member(name).get()])) as unknown as Scenario;
}

/** Makes this the scenario of the page. */
export function applyScenario(scenario: Scenario): void {
  for (const name of NAMES) member<keyof Scenario>(name).set(scenario[name]);
}

export const DEFAULTS = Object.fromEntries(NAMES.map((name) => [name, CODECS[name].fallback])) as unknown as Scenario;

/** The scenario in one text, for the address of a pin; what stands at its default is left out. */
export function scenarioText(scenario: Scenario): string {
  const parts = NAMES.flatMap((name) => {
    const codec = CODECS[name] as Codec<unknown>;
    const text = codec.write(scenario[name]);
    return text === codec.write(codec.fallback) ? [] : [`${name}*${text}`];
  });
  return parts.join("_");
}

/** The scenario that {@link scenarioText} wrote; what cannot be read takes its default. */
export function scenarioOf(text: string): Scenario {
  const scenario: Record<string, unknown> = { ...DEFAULTS };
  for (const part of text.split("_")) {
    const [name = "", value = ""] = part.split("*");
    const codec = Object.hasOwn(CODECS, name) ? (CODECS[name as keyof Scenario] as Codec<unknown>) : undefined;
    if (codec !== undefined) scenario[name] = codec.read(value) ?? codec.fallback;
  }
  return scenario as unknown as Scenario;
}

/** What a request of the API says of the scenario; docs/filecoin.md, "Scenarios". Defaults are left out. */
export function scenarioBody(scenario: Scenario): Record<string, unknown> {
  const body: Record<string, unknown> = { rules: RULES };
  for (const name of RATE_NAMES) {
    const rate = scenario[name];
    if (rate !== null) body[RATE_MEMBERS[name]] = isKnots(rate) ? spreadKnots(rate, scenario.days) : rate;
  }
  if (scenario.days !== DEFAULT_DAYS) body["forecast_length_days"] = scenario.days;
  if (scenario.sector !== DEFAULT_SECTOR_DAYS) body["sector_duration_days"] = scenario.sector;
  if (scenario.fip81 !== null) body["fip81"] = { start: scenario.fip81 };
  if (scenario.fip100 !== null) body["fip100"] = { start: scenario.fip100 };
  return body;
}

export const DEFAULT_WORDS = "Defaults";

/** What sets the scenario apart, in a few words: `Onboarded power 4, renewal rate 0.9`. */
export function scenarioWords(scenario: Scenario): string {
  const words = NAMES.flatMap((name) => {
    const value = scenario[name];
    if (value === DEFAULTS[name]) return [];
    if (name === "fip81" || name === "fip100") return [name === "fip81" ? "FIP-81" : "FIP-100"];
    return [`${INPUTS[name].label} ${typeof value === "object" ? "over time" : value}`];
  });
  if (words.length === 0) return DEFAULT_WORDS;
  return words
    .map((word, at) => (at === 0 || word.startsWith("F") ? word : word[0]!.toLowerCase() + word.slice(1)))
    .join(", ");
}
