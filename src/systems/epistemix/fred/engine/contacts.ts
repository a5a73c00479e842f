import { drawPoisson } from "../chance/distributions";
import { PURPOSE } from "../chance/streams";
import type { Condition } from "./condition";
import { openHours } from "./rates";
import type { Spread } from "./spread";
import type { World } from "./world";

/** Numbers of chance that one meeting may take before those of the next begin. */
const MEETING_STRIDE = 1 << 20;
const MAX_TRIES = 64;
const EPOCHS = 0x10000;

/** Told who is exposed, by whom, in which kind of place. */
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

/** By kind of place, the hours left of today in which it is open: how many, and which. */
function openKinds({ hour, day, calendar, population }: World): { count: number; bits: number }[] {
  const left = (0xffffff << (hour % 24)) & 0xffffff;
  return population.places.map((_, kind) => {
    const bits = openHours(kind, calendar.weekday[day]!) & left;
    let count = 0;
    for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
    return { count, bits };
  });
}

function planAgent(
  { population, chance, hour }: World,
  condition: Condition,
  spread: Spread,
  agent: number,
  open: readonly { count: number; bits: number }[],
): void {
  const { places } = population;
  let rate = 0;
  for (let kind = 0; kind < places.length; kind++)
    if (places[kind]!.placeOf[agent]! >= 0) rate += spread.rates[kind]! * open[kind]!.count;
  const mean = rate * condition.transmission[agent]! * spread.transmissibility;
  if (!(mean > 0)) return;
  chance.open(PURPOSE.plans + condition.index, agent, hour);
  const contacts = drawPoisson(chance, mean);
  for (let k = 0; k < contacts; k++) {
    let share = chance.next() * rate;
    let kind = 0;
    let last = 0;
    for (; kind < places.length; kind++) {
      if (places[kind]!.placeOf[agent]! < 0) continue;
      last = kind;
      share -= spread.rates[kind]! * open[kind]!.count;
      if (share < 0) break;
    }
    const { count, bits } = open[kind < places.length ? kind : last]!;
    if (count === 0) continue;
    const at = nthBit(bits, chance.below(count));
    spread.planned[at]!.push(agent, Math.min(kind, last), spread.epoch[agent]!, k);
  }
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
    const susceptibility = condition.susceptibility[other]!;
    if (susceptibility > 0 && (susceptibility >= 1 || chance.next() < susceptibility))
      expose(condition, other, agent, kind);
  }
}

/** Another attendee of the agent's place; -1 where the agent is not there, or nobody else is. */
function partner(world: World, agent: number, kind: number): number {
  const { chance, skipped } = world;
  const bit = 1 << kind;
  if ((skipped[agent]! & bit) !== 0) return -1;
  const { placeOf, starts, members } = world.population.places[kind]!;
  const place = placeOf[agent]!;
  if (world.closed[kind]!.has(place)) return -1;
  const start = starts[place]!;
  const others = starts[place + 1]! - start - 1;
  if (others < 1) return -1;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const found = members[start + chance.below(others + 1)]!;
    if (found !== agent && (skipped[found]! & bit) === 0) return found;
  }
  // Where nearly all stay away, those who are there are counted.
  const there = [...members.subarray(start, start + others + 1)].filter(
    (id) => id !== agent && (skipped[id]! & bit) === 0,
  );
  return there.length === 0 ? -1 : there[chance.below(there.length)]!;
}
