import { drawPoisson } from "../chance/distributions";
import { PURPOSE } from "../chance/streams";
import { membersOf } from "../people/population";
import type { Condition } from "./condition";
import { openHours } from "./rates";
import type { Spread } from "./spread";
import type { World } from "./world";

/** Numbers of chance that one meeting may take before those of the next begin. */
const MEETING_STRIDE = 1 << 20;
const MAX_TRIES = 64;
const EPOCHS = 0x10000;
const DAYS_OF_YEAR = 365.25;

/** Told who is exposed, by whom, in which kind of group. */
export type Expose = (condition: Condition, agent: number, by: number, kind: number) => void;

/**
 * Plans contacts for the rest of the day: of everybody who can pass the condition on at its first hour, else of those
 * for whom that has changed. A Poisson process may be drawn for a day at once and drawn anew from any hour on.
 */
export function planContacts(world: World, condition: Condition, spread: Spread): void {
  const hourOfDay = world.hour % 24;
  if (hourOfDay === 0) {
    for (const hour of spread.planned) hour.length = 0;
    spread.changed.length = 0;
    const open = openKinds(world);
    for (const agent of spread.active) planAgent(world, condition, spread, agent, open);
  } else if (spread.changed.length > 0) {
    const open = openKinds(world);
    const seen = new Set<number>();
    for (const agent of spread.changed) {
      if (spread.position[agent]! < 0 || seen.has(agent)) continue;
      seen.add(agent);
      planAgent(world, condition, spread, agent, open);
    }
    spread.changed.length = 0;
  }
}

/** By kind of group, the hours left of today in which it is open: how many, and which. */
function openKinds({ hour, day, calendar, population, networks }: World): Open[] {
  const left = (0xffffff << (hour % 24)) & 0xffffff;
  return Array.from({ length: population.places.length + networks.length }, (_, kind) => {
    const bits = openHours(kind, calendar.weekday[day]!) & left;
    let count = 0;
    for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
    return { count, bits };
  });
}

interface Open {
  count: number;
  bits: number;
}

function planAgent(world: World, condition: Condition, spread: Spread, agent: number, open: readonly Open[]): void {
  const { chance, hour } = world;
  const { hourly, planned } = spread;
  let rate = 0;
  for (let kind = 0; kind < hourly.length; kind++) {
    hourly[kind] = hourlyContacts(world, spread, agent, kind);
    rate += hourly[kind]! * open[kind]!.count;
  }
  const mean = rate * condition.transmission[agent]! * spread.transmissibility;
  if (!(mean > 0)) return;
  chance.open(PURPOSE.plans + condition.index, agent, hour);
  const contacts = drawPoisson(chance, mean);
  for (let k = 0; k < contacts; k++) {
    const kind = drawKind(hourly, open, chance.next() * rate);
    const { count, bits } = open[kind]!;
    if (count === 0) continue;
    const at = nthBit(bits, chance.below(count));
    planned[at]!.push(agent, kind, spread.epoch[agent]!, k);
  }
}

/** The kind in whose part of all contacts `share` falls; the last that has one where rounding leads beyond. */
function drawKind(hourly: Float64Array, open: readonly Open[], share: number): number {
  let left = share;
  let last = 0;
  for (let kind = 0; kind < hourly.length; kind++) {
    const part = hourly[kind]! * open[kind]!.count;
    if (part === 0) continue;
    last = kind;
    left -= part;
    if (left < 0) return kind;
  }
  return last;
}

/** Contacts an hour of an agent in its group of a kind, at full transmission. */
function hourlyContacts({ population, networks }: World, { rates }: Spread, agent: number, kind: number): number {
  const rate = rates.rate[kind]!;
  const prob = rates.prob[kind]!;
  if (rate === 0 && prob === 0) return 0;
  const place = population.places[kind];
  if (place === undefined) {
    const others = networks[kind - population.places.length]!.out.get(agent)?.size ?? 0;
    return others === 0 ? 0 : rate + prob * others;
  }
  const own = place.placeOf[agent]!;
  if (own < 0) return 0;
  return prob === 0 ? rate : rate + prob * (membersOf(place, own).length - 1);
}

function nthBit(bits: number, n: number): number {
  let rest = bits;
  for (let k = 0; k < n; k++) rest &= rest - 1;
  return 31 - Math.clz32(rest & -rest);
}

/** Lets the contacts of this hour happen. */
export function meet(world: World, condition: Condition, spread: Spread, expose: Expose): void {
  const contacts = spread.planned[world.hour % 24]!;
  const { chance, hour } = world;
  for (let k = 0; k < contacts.length; k += 4) {
    const agent = contacts[k]!;
    const kind = contacts[k + 1]!;
    if (spread.position[agent]! < 0 || spread.epoch[agent]! % EPOCHS !== contacts[k + 2]!) continue;
    chance.open(PURPOSE.meetings + condition.index, agent, hour, contacts[k + 3]! * MEETING_STRIDE);
    const other = partner(world, agent, kind);
    if (other < 0) continue;
    const exposed = condition.susceptibility[other]! * likeness(world, spread.rates.ageBias[kind]!, agent, other);
    if (exposed > 0 && (exposed >= 1 || chance.next() < exposed)) expose(condition, other, agent, kind);
  }
}

/** How much of a contact between two ages counts. */
function likeness({ population }: World, bias: number, agent: number, other: number): number {
  if (bias === 0) return 1;
  const { ageDays } = population;
  return Math.exp((-bias * Math.abs(ageDays[agent]! - ageDays[other]!)) / DAYS_OF_YEAR);
}

/** Another attendee of the agent's group; -1 where the agent is not there, or nobody else is. */
function partner(world: World, agent: number, kind: number): number {
  const { chance, skipped, population } = world;
  const bit = 1 << kind;
  if ((skipped[agent]! & bit) !== 0) return -1;
  const own = population.places[kind];
  if (own === undefined) return linked(world, agent, kind);
  const place = own.placeOf[agent]!;
  if (place < 0 || world.closed[kind]!.has(place)) return -1;
  const members = membersOf(own, place);
  if (members.length < 2) return -1;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const found = members[chance.below(members.length)]!;
    if (found !== agent && (skipped[found]! & bit) === 0) return found;
  }
  // Where nearly all stay away, those who are there are counted.
  const there = [...members].filter((id) => id !== agent && (skipped[id]! & bit) === 0);
  return there.length === 0 ? -1 : there[chance.below(there.length)]!;
}

/** One of those to whom the agent's edges of a network lead. */
function linked({ chance, skipped, population, networks }: World, agent: number, kind: number): number {
  const out = networks[kind - population.places.length]!.out.get(agent);
  const bit = 1 << kind;
  const there = out === undefined ? [] : [...out.keys()].filter((id) => (skipped[id]! & bit) === 0);
  return there.length === 0 ? -1 : there[chance.below(there.length)]!;
}
