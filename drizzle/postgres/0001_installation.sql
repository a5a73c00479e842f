-- This installation: one row, made at the first start.
CREATE TABLE installation (
  id text NOT NULL PRIMARY KEY,
  created_at bigint NOT NULL,
  version text NOT NULL,
  only_row integer NOT NULL DEFAULT 1 UNIQUE CHECK (only_row = 1)
);
