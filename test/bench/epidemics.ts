/**
 * Times of FRED models: `bun test/bench/epidemics.ts`. Wall time and the time of cores, the population and all files of
 * the result included; of several runs the median and the least, since other work may share the machine.
 */

import { runModel } from "../../src/systems/epistemix/fred";
import { FLU } from "../systems/epistemix/fred/flu";

const ROUNDS = Number(process.argv[2] ?? 5);

const RULES = `
variables {
  agent numeric mood
  agent numeric level
  shared numeric limit
  limit = 50
}
condition DAILY_RULES {
  start_state = Choose
  state Choose {
    wait(24)
    if (age < 0) then next(Other)
    if (level > limit) then next(Other)
    if (mood == 3) then next(Other)
    if (is_in_range(level, 60, 70)) then next(Other)
    if (sim_day > 1000) then next(Other)
    if (mood + level < 0) then next(Other)
    default(Choose)
  }
  state Other { wait(24)
    next(Choose) }
}`;

interface Case {
  name: string;
  text: string;
  location: string;
  endDate: string;
  /** Agent-days, where they are what counts. */
  agentDays?: number;
}

const cases: Case[] = [
  { name: "flu, 9,998 people, 180 days", text: FLU, location: "Cheyenne_County_NE", endDate: "2020-06-28" },
  {
    name: "flu, Jefferson County (45,200), 122 days",
    text: FLU,
    location: "Jefferson_County_PA",
    endDate: "2020-05-01",
  },
  { name: "flu, Allegheny (1,223,348), 122 days", text: FLU, location: "Allegheny_County_PA", endDate: "2020-05-01" },
  {
    name: "six rules a day, 45,200 people, 366 days",
    text: RULES,
    location: "Jefferson_County_PA",
    endDate: "2020-12-31",
    agentDays: 45_200 * 366,
  },
];

for (const { name, text, location, endDate, agentDays } of cases) {
  const walls: number[] = [];
  const cores: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    const started = performance.now();
    const { status } = runModel({
      files: { "main.fred": text },
      main: "main.fred",
      options: { seed: BigInt(round), locations: [location], startDate: "2020-01-01", endDate },
      nowMs: Date.now,
    });
    if (status !== "done") throw new Error(`${name} ended as ${status}`);
    const { user, system } = process.cpuUsage(before);
    walls.push(performance.now() - started);
    cores.push((user + system) / 1000);
  }
  const line = [walls, cores].map((times) => {
    const sorted = times.toSorted((a, b) => a - b);
    return `${sorted[Math.floor(ROUNDS / 2)]!.toFixed(0).padStart(6)} (${sorted[0]!.toFixed(0)})`;
  });
  const rate =
    agentDays === undefined ? "" : `  ${(agentDays / Math.min(...cores) / 1000).toFixed(1)} million agent-days/s`;
  const memory = (process.memoryUsage().rss / 2 ** 20).toFixed(0);
  console.log(`${name.padEnd(44)} wall ${line[0]} ms  cores ${line[1]} ms  memory ${memory} MiB${rate}`);
}
