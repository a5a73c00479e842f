-- The chain simulator. Times are milliseconds since the epoch, rewards whole coins.

CREATE TABLE chain_blocks (
  block_id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL COLLATE NOCASE,
  hash_to_verify TEXT NOT NULL,
  block_type TEXT NOT NULL CHECK (block_type IN ('normal', 'super', 'xuni')),
  attempts INTEGER NOT NULL,
  hashes_per_second TEXT NOT NULL,
  worker TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX chain_blocks_account ON chain_blocks (account, block_id);
CREATE INDEX chain_blocks_prefix ON chain_blocks (key COLLATE NOCASE);

CREATE TABLE chain_miners (
  -- Lower case.
  account TEXT NOT NULL PRIMARY KEY,
  balance INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: what the next block depends on.
CREATE TABLE chain_state (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  difficulty INTEGER NOT NULL,
  normal_blocks INTEGER NOT NULL,
  super_blocks INTEGER NOT NULL,
  xuni_blocks INTEGER NOT NULL
) STRICT;
