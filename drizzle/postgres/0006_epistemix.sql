-- Jobs and runs of the epidemic platform. Times are milliseconds since the epoch; locations are keys of blobs.
CREATE TABLE jobs (
  id bigint NOT NULL PRIMARY KEY,
  user_id bigint NOT NULL,
  tags jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('created', 'submitted')),
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  input_location text,
  config_location text,
  job_metadata jsonb NOT NULL
);
CREATE INDEX jobs_user ON jobs (user_id, created_at DESC, id DESC);
CREATE INDEX jobs_time ON jobs (created_at);

CREATE TABLE runs (
  id bigint NOT NULL PRIMARY KEY,
  job_id bigint NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
  user_id bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  request jsonb NOT NULL,
  pod_phase text NOT NULL CHECK (pod_phase IN ('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown')),
  status text NOT NULL CHECK (status IN ('Submitted', 'Running', 'Done', 'Failed', 'Cancelled')),
  user_deleted bigint NOT NULL,
  epx_client_version text NOT NULL,
  config_url text,
  results_url text,
  results_uploaded_at bigint,
  progress double precision NOT NULL,
  error text,
  losses bigint NOT NULL
);
CREATE INDEX runs_job ON runs (job_id, id);

-- The last id that was given of each table.
CREATE TABLE epistemix_ids (
  name text NOT NULL PRIMARY KEY,
  last bigint NOT NULL
);
