import { integer, port, text, toggle } from "../kinds";
import type { Settings } from "../setting";

/** The chain simulator (docs/chain.md). */
export const chainSettings = {
  CHAIN_PORT: { kind: port, meaning: "A port of its own for the chain simulator, alone at the root." },
  NO_CHAIN: {
    kind: toggle,
    default: "false",
    meaning: "Leaves the chain simulator out.",
    flags: ["no-chain"],
  },
  BLOCK_MARKER: {
    kind: text,
    default: "XEN11",
    meaning: "The text that marks a normal block.",
    flags: ["block-marker"],
  },
  CHAIN_DIFFICULTY: {
    kind: integer(1, 1_000_000_000),
    default: "1727",
    meaning: "The chain's difficulty at its first start.",
    flags: ["difficulty"],
  },
  CHAIN_ADJUST_INTERVAL: {
    kind: integer(1, 1_000_000),
    default: "50",
    unit: "blocks",
    meaning: "Blocks between two adjustments of the difficulty.",
    flags: ["adjust-interval"],
  },
  CHAIN_XUNI_WINDOW: {
    kind: toggle,
    default: "false",
    meaning: "The chain takes XUNI blocks around the full hour only.",
    flags: ["chain-xuni-window"],
  },
  CHAIN_STRICT: {
    kind: toggle,
    default: "false",
    meaning: "The chain verifies the Argon2id proof of each block.",
    flags: ["chain-strict"],
  },
  CHAIN_MEMORY: {
    kind: toggle,
    default: "false",
    meaning: "The chain is forgotten at the end of the process.",
    flags: ["chain-memory"],
  },
} satisfies Settings;
