-- Counts and sums of one account or worker read an index alone, however long its history is.
CREATE INDEX market_leases_consumer_state ON market_leases (consumer_id, state);
DROP INDEX market_settlements_consumer;
CREATE INDEX market_settlements_consumer_cost ON market_settlements (consumer_id, total_cost);
CREATE INDEX market_settlements_worker_payout ON market_settlements (worker_id, settled_at, provider_payout);
DROP INDEX market_blocks_worker;
CREATE INDEX market_blocks_worker_time ON market_blocks (worker_id, created_at);
CREATE INDEX market_blocks_self_mined ON market_blocks (worker_id, seq) WHERE lease_id = '';
