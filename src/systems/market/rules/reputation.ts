import { roundHalfEven } from "../../../numeric/rounding";

/** What a worker's reputation is made of; counts are kept up as they change, never counted over history. */
export interface Record {
  /** Block rows with the chain's confirmation, self-mined ones included. */
  verifiedBlocks: number;
  completedLeases: number;
  /** In any state; an active lease counts here only. */
  totalLeases: number;
  onlineMs: number;
  registeredAtMs: number;
}

export interface Reputation {
  /** 0 to 100, 2 decimals. */
  score: number;
  /** 0 to 5, 1 decimal. */
  stars: number;
  breakdown: {
    block_score: number;
    block_detail: { verified_blocks: number; max_blocks: number; weight: number };
    completion_score: number;
    completion_detail: { completed_leases: number; total_leases: number; weight: number };
    uptime_score: number;
    uptime_detail: { online_seconds: number; total_seconds: number; uptime_pct: number; weight: number };
    age_score: number;
    age_detail: { days: number; max_days: number; weight: number };
  };
}

const WEIGHTS = { blocks: 40, completion: 30, uptime: 20, age: 10 };
const MAX_BLOCKS = 100;
const MAX_DAYS = 90;
const MAX_SCORE = 100;
const SCORE_PER_STAR = 20;
const SECONDS_PER_DAY = 86_400;

/** The reputation of a worker (docs/market.md, Reputation): blocks 40, completion 30, uptime 20, age 10. */
export function reputationOf(record: Record, nowMs: number): Reputation {
  const ageSec = (nowMs - record.registeredAtMs) / 1000;
  const totalSec = Math.max(ageSec, 1);
  const onlineSec = record.onlineMs / 1000;
  const days = Math.max(ageSec / SECONDS_PER_DAY, 0);
  const completion = record.totalLeases === 0 ? 1 : record.completedLeases / record.totalLeases;
  const uptime = Math.min(onlineSec / totalSec, 1);
  const parts = {
    blocks: roundHalfEven(Math.min(record.verifiedBlocks / MAX_BLOCKS, 1) * WEIGHTS.blocks, 2),
    completion: roundHalfEven(completion * WEIGHTS.completion, 2),
    uptime: roundHalfEven(uptime * WEIGHTS.uptime, 2),
    age: roundHalfEven(Math.min(days / MAX_DAYS, 1) * WEIGHTS.age, 2),
  };
  const sum = parts.blocks + parts.completion + parts.uptime + parts.age;
  const score = roundHalfEven(Math.min(sum, MAX_SCORE), 2);
  return {
    score,
    stars: roundHalfEven(score / SCORE_PER_STAR, 1),
    breakdown: {
      block_score: parts.blocks,
      block_detail: { verified_blocks: record.verifiedBlocks, max_blocks: MAX_BLOCKS, weight: WEIGHTS.blocks },
      completion_score: parts.completion,
      completion_detail: {
        completed_leases: record.completedLeases,
        total_leases: record.totalLeases,
        weight: WEIGHTS.completion,
      },
      uptime_score: parts.uptime,
      uptime_detail: {
        online_seconds: roundHalfEven(onlineSec, 1),
        total_seconds: roundHalfEven(totalSec, 1),
        uptime_pct: roundHalfEven(uptime * 100, 1),
        weight: WEIGHTS.uptime,
      },
      age_score: parts.age,
      age_detail: { days: roundHalfEven(days, 1), max_days: MAX_DAYS, weight: WEIGHTS.age },
    },
  };
}
