-- This installation: one row, made at the first start.
CREATE TABLE installation (
  id TEXT NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL,
  version TEXT NOT NULL,
  only_row INTEGER NOT NULL DEFAULT 1 UNIQUE CHECK (only_row = 1)
) STRICT;
