DROP INDEX market_blocks_waiting;
UPDATE market_workers SET self_blocks_found = self_blocks_verified;
ALTER TABLE market_workers DROP COLUMN self_blocks_verified;
ALTER TABLE market_accounts DROP COLUMN address_proof;
