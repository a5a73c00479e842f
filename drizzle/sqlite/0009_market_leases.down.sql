DROP TABLE market_idempotency;
DROP TABLE market_lease_gaps;
ALTER TABLE market_leases DROP COLUMN end_reason;
ALTER TABLE market_leases DROP COLUMN reserved;
ALTER TABLE market_leases DROP COLUMN budget;
ALTER TABLE market_leases DROP COLUMN began_at;
