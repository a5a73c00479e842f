-- Jobs and runs of the epidemic platform. Times are milliseconds since the epoch; locations are keys of blobs.
CREATE TABLE jobs (
  id INTEGER NOT NULL PRIMARY KEY,
  user_id INTEGER NOT NULL,
  tags TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('created', 'submitted')),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  input_location TEXT,
  config_location TEXT,
  job_metadata TEXT NOT NULL
) STRICT;
CREATE INDEX jobs_user ON jobs (user_id, created_at DESC, id DESC);
CREATE INDEX jobs_time ON jobs (created_at);

CREATE TABLE runs (
  id INTEGER NOT NULL PRIMARY KEY,
  job_id INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  request TEXT NOT NULL,
  pod_phase TEXT NOT NULL CHECK (pod_phase IN ('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown')),
  status TEXT NOT NULL CHECK (status IN ('Submitted', 'Running', 'Done', 'Failed', 'Cancelled')),
  user_deleted INTEGER NOT NULL,
  epx_client_version TEXT NOT NULL,
  config_url TEXT,
  results_url TEXT,
  results_uploaded_at INTEGER,
  progress REAL NOT NULL,
  error TEXT,
  losses INTEGER NOT NULL
) STRICT;
CREATE INDEX runs_job ON runs (job_id, id);

-- The last id that was given of each table.
CREATE TABLE epistemix_ids (
  name TEXT NOT NULL PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
