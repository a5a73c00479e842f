/** What the market asks of a chain. */
export interface ChainVerifier {
  /** The id of the chain's block with exactly this key. */
  blockIdOfKey(key: string): number | undefined;
  difficulty(): number;
  blockCount(): number;
}
