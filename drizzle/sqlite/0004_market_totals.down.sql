DROP INDEX market_blocks_self_mined;
DROP INDEX market_blocks_worker_time;
CREATE INDEX market_blocks_worker ON market_blocks (worker_id, seq);
DROP INDEX market_settlements_worker_payout;
DROP INDEX market_settlements_consumer_cost;
CREATE INDEX market_settlements_consumer ON market_settlements (consumer_id, seq);
DROP INDEX market_leases_consumer_state;
