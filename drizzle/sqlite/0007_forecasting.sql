-- Which models are to be ready, by the part of their paths, and how they were asked for.
CREATE TABLE forecasting_wanted (
  model TEXT NOT NULL PRIMARY KEY,
  wanted TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
