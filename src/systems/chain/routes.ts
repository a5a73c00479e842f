import { Elysia } from "elysia";
import type { z } from "zod";
import { routesWithErrors } from "../../platform/http/errorShape";
import { fastApiErrors } from "../../platform/http/fastapi/errors";
import { jsonAnswer } from "../../platform/http/fields";
import { jsonBody, queryParameters, readJson, valid } from "../../platform/http/input";
import { refuseHead } from "../../platform/http/refuseHead";
import type { Log } from "../../platform/log";
import * as schema from "./schema";
import { addressPath, type BlockRecord, blocksQuery, powBody, type StatsAnswer, submissionBody } from "./schema";
import type { Block, Chain, Verdict } from "./service";

const BODY_LIMIT_BYTES = 64 * 1024;
const LAST_BLOCKS = 100;
const JSON_HEADERS = { headers: { "content-type": "application/json" } };

/** Miners try again after a 500, give up on a 400 about the time, and take a 409 for success (docs/chain.md). */
const STATUS: Record<Verdict["outcome"], number> = { accepted: 200, known: 409, untimely: 400, invalid: 500 };

/** The RPC of the chain simulator. */
export function chainRoutes(chain: Chain, log: Log) {
  return routesWithErrors("chain", fastApiErrors, log)
    .onBeforeHandle(refuseHead)
    .use(miningRoutes(chain))
    .use(lookingRoutes(chain));
}

/** What a miner asks for and hands in. */
function miningRoutes(chain: Chain) {
  return new Elysia({ tags: ["chain"] })
    .get("/difficulty", () => new Response(`{"difficulty":"${chain.difficulty()}"}`, JSON_HEADERS), {
      detail: {
        summary: "The difficulty that blocks must have now, as text",
        responses: jsonAnswer(schema.difficultyAnswer, "The answer"),
      },
    })
    .post(
      "/verify",
      async ({ request, set }) => {
        const { hash_to_verify, hashes_per_second, ...rest } = await body(request, submissionBody);
        const verdict = await chain.verify({ ...rest, hash: hash_to_verify, hashesPerSecond: hashes_per_second });
        set.status = STATUS[verdict.outcome];
        return verdictBody(verdict);
      },
      {
        detail: {
          summary: "Submit a block",
          responses: jsonAnswer(schema.verdictAnswer, "The answer"),
          requestBody: jsonBody(submissionBody),
        },
      },
    )
    .post("/send_pow", async ({ request }) => powAnswer(await body(request, powBody)), {
      detail: {
        summary: "Accept a proof of work without looking at it",
        responses: jsonAnswer(schema.powAnswer, "The answer"),
        requestBody: jsonBody(powBody),
      },
    });
}

/** What is to be seen of the chain. */
function lookingRoutes(chain: Chain) {
  return new Elysia({ tags: ["chain"] })
    .get("/getblocks/lastblock", () => chain.lastBlocks(LAST_BLOCKS).map(blockRecord), {
      detail: {
        summary: "The last hundred blocks, oldest first",
        responses: jsonAnswer(schema.blockRecords, "The answer"),
      },
    })
    .get(
      "/balance/:address",
      ({ params }) => {
        const { address } = valid(addressPath, params, "path");
        return { address, balance: chain.balanceOf(address) };
      },
      {
        detail: {
          summary: "Coins that an address has mined",
          responses: jsonAnswer(schema.balanceAnswer, "The answer"),
        },
      },
    )
    .get("/chain/stats", () => statsBody(chain), {
      detail: {
        summary: "Blocks by kind, miners, difficulty",
        responses: jsonAnswer(schema.statsAnswer, "The answer"),
      },
    })
    .get(
      "/chain/blocks",
      ({ query }) => {
        const wanted = valid(blocksQuery, query, "query");
        return chain.blocks(wanted).map(blockRecord);
      },
      {
        detail: {
          summary: "Blocks of an address or of a key prefix",
          responses: jsonAnswer(schema.blockRecords, "The answer"),
          parameters: queryParameters(blocksQuery),
        },
      },
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
  return valid(schema, await readJson(request, BODY_LIMIT_BYTES), "body");
}

function verdictBody(verdict: Verdict): Record<string, unknown> {
  if (verdict.outcome !== "accepted") return { status: "error", message: verdict.message };
  const { blockType, blockId } = verdict;
  const message = `Block accepted: ${blockType} #${blockId}`;
  return { status: "success", message, block_type: blockType, block_id: blockId };
}

function powAnswer(pow: Record<string, unknown>): Record<string, unknown> {
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
