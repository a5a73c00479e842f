/** A block of the chain, as its miner submitted it. */
export interface ChainBlock {
  blockId: number;
  /** Where the block's coins went. */
  account: string;
  /** The worker that the miner named; empty where none was. */
  worker: string;
}

/** What the market asks of a chain. */
export interface ChainVerifier {
  /** The chain's block with exactly this key. */
  blockOfKey(key: string): ChainBlock | undefined;
  difficulty(): number;
  blockCount(): number;
  /** How many keys must be tried for a block, on average. */
  hashesPerBlock(): number;
  /** Has `listener` told the key of each block that the chain takes from now on; gives what ends that. */
  onBlock(listener: (key: string) => void): () => void;
}
