import { Elysia } from "elysia";
import type { z } from "zod";
import { operation } from "../../platform/http/api/operation";
import { routesWithErrors } from "../../platform/http/errorShape";
import { fastApiErrors } from "../../platform/http/fastapi/errors";
import { readJson, valid } from "../../platform/http/input";
import { refuseHead } from "../../platform/http/refuseHead";
import type { Log } from "../../platform/log";
import * as schema from "./schema";
import {
  addressPath,
  type BlockRecord,
  blocksQuery,
  type PowAnswer,
  powBody,
  type StatsAnswer,
  submissionBody,
  type VerdictAnswer,
} from "./schema";
import type { Block, Chain, Verdict } from "./service";

const MAX_BODY_BYTES = 64 * 1024;
const LAST_BLOCKS = 100;
const JSON_HEADERS = { headers: { "content-type": "application/json" } };

/** Miners try again after a 500, give up on a 400 about the time, and take a 409 for success (docs/chain.md). */
const STATUS: Record<Verdict["outcome"], number> = { accepted: 200, known: 409, untimely: 400, invalid: 500 };

/** The RPC of the chain simulator. */
export function chainRoutes(chain: Chain, log: Log) {
  return routesWithErrors("chain", fastApiErrors, log)
    .onBeforeHandle(refuseHead)
    .use(miningRoutes(chain))
    .use(lookupRoutes(chain));
}

/** What miners call. */
function miningRoutes(chain: Chain) {
  return new Elysia({ tags: ["chain"] })
    .get(
      "/difficulty",
      () => new Response(`{"difficulty":"${chain.difficulty()}"}`, JSON_HEADERS),
      operation({
        summary: "The difficulty that blocks must have now, as text",
        answer: schema.difficultyAnswer,
      }),
    )
    .post(
      "/verify",
      async ({ request, set }) => {
        const { hash_to_verify, hashes_per_second, ...rest } = await body(request, submissionBody);
        const verdict = await chain.verify({ ...rest, hash: hash_to_verify, hashesPerSecond: hashes_per_second });
        set.status = STATUS[verdict.outcome];
        return verdictBody(verdict);
      },
      operation({
        summary: "Submit a block",
        body: submissionBody,
        answer: schema.verdictAnswer,
        others: { 400: schema.refusedBlock, 409: schema.refusedBlock, 500: schema.refusedBlock },
      }),
    )
    .post(
      "/send_pow",
      async ({ request }) => powAnswer(await body(request, powBody)),
      operation({
        summary: "Accept a proof of work without looking at it",
        body: powBody,
        answer: schema.powAnswer,
      }),
    );
}

/** What there is to see of the chain. */
function lookupRoutes(chain: Chain) {
  return new Elysia({ tags: ["chain"] })
    .get(
      "/getblocks/lastblock",
      () => chain.lastBlocks(LAST_BLOCKS).map(blockRecord),
      operation({ summary: "The last hundred blocks, oldest first", answer: schema.blockRecords }),
    )
    .get(
      "/balance/:address",
      ({ params }) => {
        const { address } = valid(addressPath, params, "path");
        return { address, balance: chain.balanceOf(address) };
      },
      operation({
        summary: "Coins that an address has mined",
        path: addressPath,
        answer: schema.balanceAnswer,
      }),
    )
    .get(
      "/chain/stats",
      () => statsBody(chain),
      operation({ summary: "Blocks by kind, miners, difficulty", answer: schema.statsAnswer }),
    )
    .get(
      "/chain/blocks",
      ({ query }) => chain.blocks(valid(blocksQuery, query, "query")).map(blockRecord),
      operation({
        summary: "Blocks of an address or of a key prefix",
        query: blocksQuery,
        answer: schema.blockRecords,
      }),
    );
}

/** What `GET /` of a chain that runs alone answers. */
export function statsBody(chain: Chain): StatsAnswer {
  const stats = chain.stats();
  return {
    total_blocks: stats.totalBlocks,
    normal_blocks: stats.normalBlocks,
    super_blocks: stats.superBlocks,
    xuni_blocks: stats.xuniBlocks,
    difficulty: stats.difficulty,
    unique_miners: stats.uniqueMiners,
    next_block_id: stats.nextBlockId,
  };
}

async function body<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  return valid(schema, await readJson(request, MAX_BODY_BYTES), "body");
}

function verdictBody(verdict: Verdict): VerdictAnswer {
  if (verdict.outcome !== "accepted") return { status: "error", message: verdict.message };
  const { blockType, blockId } = verdict;
  const message = `Block accepted: ${blockType} #${blockId}`;
  return { status: "success", message, block_type: blockType, block_id: blockId };
}

function powAnswer(pow: Record<string, unknown>): PowAnswer {
  return { status: "success", message: "PoW accepted (mock)", block_id: pow["block_id"] ?? 0 };
}

function blockRecord(block: Block): BlockRecord {
  return {
    block_id: block.blockId,
    account: block.account,
    key: block.key,
    hash_to_verify: block.hashToVerify,
    block_type: block.blockType,
    attempts: block.attempts,
    hashes_per_second: block.hashesPerSecond,
    worker: block.worker,
    timestamp: block.createdAt / 1000,
  };
}
