-- The hash-power market. Money is in units of 1e-9 XNM, times are milliseconds since the epoch.

CREATE TABLE market_accounts (
  seq INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL UNIQUE CHECK (account_id <> ''),
  role TEXT NOT NULL CHECK (role IN ('provider', 'consumer', 'outside')),
  eth_address TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
  balance INT NOT NULL DEFAULT 0 CHECK (balance >= 0 OR role = 'outside'),
  -- 0 until the first key is made; raised when a new key is asked for.
  key_version INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX market_accounts_address ON market_accounts (eth_address);

CREATE TABLE market_api_keys (
  key_hash TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES market_accounts (account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX market_api_keys_account ON market_api_keys (account_id);

-- Double entry: the rows of one change sum to zero, those of one account to its balance.
CREATE TABLE market_journal (
  seq INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES market_accounts (account_id),
  kind TEXT NOT NULL CHECK (
    kind IN ('deposit', 'withdraw', 'lease_charge', 'provider_payout', 'platform_fee', 'transfer_in', 'transfer_out')
  ),
  amount INT NOT NULL,
  reference_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX market_journal_account ON market_journal (account_id);

CREATE TABLE market_workers (
  seq INTEGER PRIMARY KEY,
  worker_id TEXT NOT NULL UNIQUE,
  eth_address TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
  gpu_count INTEGER NOT NULL,
  total_memory_gb REAL NOT NULL,
  gpus TEXT NOT NULL,
  version TEXT NOT NULL,
  state TEXT NOT NULL,
  price_per_min INT NOT NULL CHECK (price_per_min >= 0),
  min_duration_sec INTEGER NOT NULL,
  max_duration_sec INTEGER NOT NULL,
  registered_at INTEGER NOT NULL,
  -- Counted as they happen, so that a reputation never reads history.
  self_blocks_found INTEGER NOT NULL DEFAULT 0,
  verified_blocks INTEGER NOT NULL DEFAULT 0,
  total_leases INTEGER NOT NULL DEFAULT 0,
  completed_leases INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX market_workers_address ON market_workers (eth_address);

CREATE TABLE market_leases (
  seq INTEGER PRIMARY KEY,
  lease_id TEXT NOT NULL UNIQUE,
  worker_id TEXT NOT NULL REFERENCES market_workers (worker_id),
  consumer_id TEXT NOT NULL REFERENCES market_accounts (account_id),
  consumer_address TEXT NOT NULL,
  prefix TEXT NOT NULL UNIQUE,
  duration_sec INTEGER NOT NULL,
  price_per_min INT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'completed', 'cancelled')),
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  blocks_found INTEGER NOT NULL DEFAULT 0,
  hashrate_sum REAL NOT NULL DEFAULT 0,
  hashrate_count INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX market_leases_active ON market_leases (worker_id) WHERE state = 'active';
CREATE INDEX market_leases_state ON market_leases (state, seq);
CREATE INDEX market_leases_worker ON market_leases (worker_id, seq);
CREATE INDEX market_leases_consumer ON market_leases (consumer_id, seq);

CREATE TABLE market_blocks (
  seq INTEGER PRIMARY KEY,
  -- Empty for a block that the worker mined for itself.
  lease_id TEXT NOT NULL,
  worker_id TEXT NOT NULL REFERENCES market_workers (worker_id),
  block_hash TEXT NOT NULL,
  key TEXT NOT NULL,
  account TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  hashrate TEXT NOT NULL,
  prefix_valid INTEGER NOT NULL,
  chain_verified INTEGER NOT NULL,
  chain_block_id INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX market_blocks_once ON market_blocks (key, lease_id);
CREATE INDEX market_blocks_lease ON market_blocks (lease_id, seq);
CREATE INDEX market_blocks_worker ON market_blocks (worker_id, seq);
CREATE INDEX market_blocks_time ON market_blocks (created_at);

CREATE TABLE market_settlements (
  seq INTEGER PRIMARY KEY,
  lease_id TEXT NOT NULL UNIQUE REFERENCES market_leases (lease_id),
  consumer_id TEXT NOT NULL,
  worker_id TEXT NOT NULL,
  duration_ms INTEGER NOT NULL,
  blocks_found INTEGER NOT NULL,
  total_cost INT NOT NULL,
  provider_payout INT NOT NULL,
  platform_fee INT NOT NULL,
  settled_at INTEGER NOT NULL,
  CHECK (total_cost = provider_payout + platform_fee)
) STRICT;
CREATE INDEX market_settlements_worker ON market_settlements (worker_id, seq);
CREATE INDEX market_settlements_consumer ON market_settlements (consumer_id, seq);

-- Messages that were decided and must be sent, a crash in between or not.
CREATE TABLE market_outbox (
  seq INTEGER PRIMARY KEY,
  topic TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE market_wallet_snapshots (
  seq INTEGER PRIMARY KEY,
  eth_address TEXT NOT NULL COLLATE NOCASE,
  interval TEXT NOT NULL CHECK (interval IN ('hourly', 'daily')),
  created_at INTEGER NOT NULL,
  total_hashrate REAL NOT NULL,
  online_workers INTEGER NOT NULL,
  total_workers INTEGER NOT NULL,
  blocks_found INTEGER NOT NULL,
  cumulative_blocks INTEGER NOT NULL,
  earnings INT NOT NULL
) STRICT;
CREATE INDEX market_wallet_snapshots_address ON market_wallet_snapshots (eth_address, interval, created_at);
CREATE INDEX market_wallet_snapshots_age ON market_wallet_snapshots (interval, created_at);
