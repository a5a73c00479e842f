-- What a lease may cost, what is set aside for it, when its worker began, and why it ended.
ALTER TABLE market_leases ADD COLUMN began_at INTEGER;
ALTER TABLE market_leases ADD COLUMN budget INT;
ALTER TABLE market_leases ADD COLUMN reserved INT NOT NULL DEFAULT 0;
ALTER TABLE market_leases ADD COLUMN end_reason TEXT
  CHECK (end_reason IN ('stopped', 'expired', 'funds', 'failed'));
-- Leases from before were billed whole.
UPDATE market_leases SET began_at = created_at;

-- Times of a lease in which its worker did not work.
CREATE TABLE market_lease_gaps (
  lease_id TEXT NOT NULL REFERENCES market_leases (lease_id),
  began_at INTEGER NOT NULL,
  -- Null while it lasts.
  ended_at INTEGER,
  reason TEXT NOT NULL CHECK (reason IN ('starting', 'offline', 'silent', 'error', 'idle')),
  PRIMARY KEY (lease_id, began_at)
) STRICT, WITHOUT ROWID;

-- Answers to requests that may come twice, by caller, path and key.
CREATE TABLE market_idempotency (
  scope TEXT NOT NULL PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  answer TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX market_idempotency_age ON market_idempotency (created_at);
