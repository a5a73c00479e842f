-- Figures of the market that may be lost: the latest heartbeats and the samples of the last day.

CREATE TABLE market_worker_figures (
  worker_id TEXT NOT NULL PRIMARY KEY,
  hashrate REAL NOT NULL,
  active_gpus INTEGER NOT NULL,
  last_heartbeat INTEGER NOT NULL,
  total_online_ms INTEGER NOT NULL,
  last_online_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE market_lease_figures (
  lease_id TEXT NOT NULL PRIMARY KEY,
  hashrate_sum REAL NOT NULL,
  hashrate_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE market_hashrate_snapshots (
  seq INTEGER PRIMARY KEY,
  worker_id TEXT NOT NULL,
  hashrate REAL NOT NULL,
  active_gpus INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX market_hashrate_snapshots_worker ON market_hashrate_snapshots (worker_id, created_at);
CREATE INDEX market_hashrate_snapshots_time ON market_hashrate_snapshots (created_at);
