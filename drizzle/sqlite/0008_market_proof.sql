-- How an account's address is known: only said, registered by its worker's miner, or signed for by the wallet.
ALTER TABLE market_accounts ADD COLUMN address_proof TEXT NOT NULL DEFAULT 'claimed'
  CHECK (address_proof IN ('claimed', 'worker', 'signed'));
UPDATE market_accounts SET address_proof = 'signed'
  WHERE role = 'provider' AND account_id LIKE 'wallet-0x%' AND eth_address <> '';
UPDATE market_accounts SET address_proof = 'worker'
  WHERE role = 'provider' AND account_id IN (SELECT worker_id FROM market_workers);

-- Self-mined blocks as they were reported, and those among them that the chain has.
ALTER TABLE market_workers ADD COLUMN self_blocks_verified INTEGER NOT NULL DEFAULT 0;
UPDATE market_workers SET self_blocks_verified = self_blocks_found;
UPDATE market_workers SET self_blocks_found =
  (SELECT count(*) FROM market_blocks b WHERE b.worker_id = market_workers.worker_id AND b.lease_id = '');

-- Reports that wait for the chain are found by their key.
CREATE INDEX market_blocks_waiting ON market_blocks (created_at) WHERE chain_verified = 0;
