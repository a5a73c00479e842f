import type { Clock } from "../../platform/clock";
import type { SqliteDatabase, SqliteHandle } from "../../platform/database";
import { createProofChecker, digestOf, proofFault } from "./proof";
import { createRises } from "./rises";
import {
  type BlockType,
  blockTypeOf,
  difficultyAfter,
  hashesPerBlock,
  heldDifficulty,
  inXuniWindow,
  keyFault,
  REWARDS,
} from "./rules";
import {
  addBlock,
  balanceOf,
  blockOfKey,
  blocksOfAccount,
  blocksWithPrefix,
  type ChainState,
  countMiners,
  type FoundBlock,
  newestBlocks,
  readState,
  totalBlocks,
  writeState,
} from "./store";
import type { BlockRow } from "./tables";

export interface ChainOptions {
  clock: Clock;
  /** Text that marks a normal block. */
  marker: string;
  /** The difficulty of a chain without blocks. */
  difficulty: number;
  /** Blocks between two rises of the difficulty. */
  adjustInterval: number;
  /** XUNI blocks are taken around the full hour only. */
  xuniWindow: boolean;
  /** Argon2id is computed for each block. */
  strict: boolean;
}

/** What a miner submits. */
export interface Submission {
  hash: string;
  key: string;
  account: string;
  attempts: number;
  hashesPerSecond: string;
  worker: string;
}

export type Verdict =
  | { outcome: "accepted"; blockType: BlockType; blockId: number }
  | { outcome: "known" | "untimely" | "invalid"; message: string };

export interface ChainStats {
  totalBlocks: number;
  normalBlocks: number;
  superBlocks: number;
  xuniBlocks: number;
  difficulty: number;
  uniqueMiners: number;
  nextBlockId: number;
}

/** A block as the chain keeps it. */
export type Block = BlockRow;

/** Which blocks to look for. */
export interface BlockQuery {
  account?: string | undefined;
  prefix?: string | undefined;
  limit: number;
}

export interface Chain {
  /** Opens the chain where `database` left it, or begins one there. Comes before everything else. */
  start(database: SqliteDatabase): Promise<void>;
  difficulty(): number;
  blockCount(): number;
  /** Judges a block and, when it is good, keeps it; the answer comes when it is on the disk. */
  verify(submission: Submission): Promise<Verdict>;
  /** The block with exactly this key. */
  blockOfKey(key: string): FoundBlock | undefined;
  /**
   * Has `listener` told the key of each block that is accepted from now on, once it is on the disk; gives what ends
   * that.
   */
  onBlock(listener: (key: string) => void): () => void;
  /** How many keys must be tried for a block, on average. */
  hashesPerBlock(): number;
  balanceOf(address: string): number;
  stats(): ChainStats;
  /** The newest `limit` blocks, oldest first. */
  lastBlocks(limit: number): Block[];
  /** Newest first: those of an account, else those whose key has a prefix. Without either as `lastBlocks`. */
  blocks(query: BlockQuery): Block[];
}

const KNOWN_KEY: Verdict = { outcome: "known", message: "Key already exists" };
const NO_MARKER = "Hash does not contain valid block marker (XEN11 or XUNI)";
const COUNTED = { normal: "normalBlocks", super: "superBlocks", xuni: "xuniBlocks" } as const;

/** The chain simulator: difficulty, blocks and rewards, kept in the database (docs/chain.md). */
export function createChain(options: ChainOptions): Chain {
  const { clock, marker } = options;
  let database: SqliteDatabase;
  const checker = createProofChecker();
  /** As it is on the disk. */
  let state = beginning(options.difficulty);
  const rises = createRises(clock.now);
  const listeners = new Set<(key: string) => void>();

  function judge(submission: Submission): Verdict | BlockType {
    const wrongKey = keyFault(submission.key);
    if (wrongKey !== undefined) return { outcome: "invalid", message: wrongKey };
    if (database.read((db) => blockOfKey(db, submission.key)) !== undefined) return KNOWN_KEY;
    const wrongProof = options.strict ? proofFault(submission, marker, rises.least(state.difficulty)) : undefined;
    if (wrongProof !== undefined) return { outcome: "invalid", message: wrongProof };
    const blockType = blockTypeOf(options.strict ? digestOf(submission.hash) : submission.hash, marker);
    if (blockType === undefined) return { outcome: "invalid", message: NO_MARKER };
    if (blockType === "xuni" && options.xuniWindow && !inXuniWindow(clock.now())) {
      return { outcome: "untimely", message: "XUNI block outside of time window" };
    }
    return blockType;
  }

  async function verify(submission: Submission): Promise<Verdict> {
    const blockType = judge(submission);
    if (typeof blockType !== "string") return blockType;
    if (options.strict && !(await checker.isGenuine(submission))) {
      return { outcome: "invalid", message: "Hash is not that of the key" };
    }
    const next = await database.transact((db) => append(db, submission, blockType, options));
    if (next === undefined) return KNOWN_KEY;
    if (next.difficulty !== state.difficulty) rises.ended(state.difficulty);
    state = next;
    for (const listener of listeners) listener(submission.key);
    return { outcome: "accepted", blockType, blockId: totalBlocks(next) };
  }

  return {
    async start(opened) {
      database = opened;
      state = await database.transact((db) => {
        const known = readState(db);
        if (known === undefined) writeState(db, state);
        return known ?? state;
      });
    },
    difficulty: () => state.difficulty,
    blockCount: () => totalBlocks(state),
    verify,
    blockOfKey: (key) => database.read((db) => blockOfKey(db, key)),
    onBlock(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hashesPerBlock: () => hashesPerBlock(marker),
    balanceOf: (address) => database.read((db) => balanceOf(db, address)),
    stats: () => statsOf(state, database.read(countMiners)),
    lastBlocks: (limit) => database.read((db) => newestBlocks(db, limit)).reverse(),
    blocks: (query) => database.read((db) => findBlocks(db, query)),
  };
}

function statsOf(state: ChainState, uniqueMiners: number): ChainStats {
  const blocks = totalBlocks(state);
  return { ...state, totalBlocks: blocks, uniqueMiners, nextBlockId: blocks + 1 };
}

function findBlocks(db: SqliteHandle, { account, prefix, limit }: BlockQuery): Block[] {
  if (account !== undefined && account !== "") return blocksOfAccount(db, account, limit);
  if (prefix !== undefined && prefix !== "") return blocksWithPrefix(db, prefix, limit);
  return newestBlocks(db, limit).reverse();
}

function beginning(difficulty: number): ChainState {
  return { difficulty: heldDifficulty(difficulty), normalBlocks: 0, superBlocks: 0, xuniBlocks: 0 };
}

/** The state with the new block in it, or undefined when another block has the key. */
function append(
  db: SqliteHandle,
  { hash, ...rest }: Submission,
  blockType: BlockType,
  { clock, difficulty, adjustInterval }: ChainOptions,
): ChainState | undefined {
  if (blockOfKey(db, rest.key) !== undefined) return undefined;
  const last = readState(db) ?? beginning(difficulty);
  const grown = { ...last, [COUNTED[blockType]]: last[COUNTED[blockType]] + 1 };
  const blockId = totalBlocks(grown);
  grown.difficulty = difficultyAfter(last.difficulty, blockId, adjustInterval);
  addBlock(db, { ...rest, hashToVerify: hash, blockType, blockId, createdAt: clock.now() }, REWARDS[blockType]);
  writeState(db, grown);
  return grown;
}
