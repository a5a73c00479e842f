-- Accounts, queues, jobs and reports. Times are milliseconds since the epoch.

-- Accounts of the systems whose users sign in. Times are milliseconds since the epoch.
CREATE TABLE users (
  id text NOT NULL PRIMARY KEY,
  email text NOT NULL UNIQUE,
  hashed_password text NOT NULL,
  full_name text,
  is_active boolean NOT NULL,
  is_superuser boolean NOT NULL,
  external_id text UNIQUE,
  webhook_secret text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);

-- Failed sign-ins by email and address, kept for as long as they count.
CREATE TABLE login_failures (
  source text NOT NULL,
  failed_at bigint NOT NULL
);
CREATE INDEX login_failures_source ON login_failures (source, failed_at);
CREATE INDEX login_failures_time ON login_failures (failed_at);

-- Work that waits or is being done. Times are of the database's clock.
CREATE TABLE work_queue (
  queue text NOT NULL,
  id text NOT NULL,
  owner text NOT NULL,
  state text NOT NULL CHECK (state IN ('ready', 'delayed', 'leased')),
  priority bigint NOT NULL,
  queued_at bigint NOT NULL,
  due_at bigint NOT NULL,
  lease_number bigint NOT NULL,
  leased_by text,
  lease_until bigint,
  PRIMARY KEY (queue, id)
);
CREATE INDEX work_queue_turn ON work_queue (queue, state, owner, priority DESC, queued_at, id);
CREATE INDEX work_queue_due ON work_queue (queue, state, due_at);
CREATE INDEX work_queue_lease ON work_queue (queue, state, lease_until);

-- Owners with something in a queue, and when each was served last or came.
CREATE TABLE work_queue_turns (
  queue text NOT NULL,
  owner text NOT NULL,
  served_at bigint NOT NULL,
  PRIMARY KEY (queue, owner)
);

-- Simulations. run_number rises with every start, attempt with every start after a failure.
CREATE TABLE simulation_jobs (
  id text NOT NULL PRIMARY KEY,
  user_id text NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  simulation_type text NOT NULL,
  status text NOT NULL CHECK (status IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
  progress double precision,
  attempt bigint NOT NULL,
  failures bigint NOT NULL,
  losses bigint NOT NULL,
  run_number bigint NOT NULL,
  max_attempts bigint NOT NULL,
  priority bigint NOT NULL,
  timeout_s double precision,
  start_after bigint,
  parameters text,
  parameters_key text,
  result_inline text,
  result_key text,
  result_size_bytes bigint,
  error_code text,
  error_message text,
  job_metadata text NOT NULL,
  callback_url text,
  checkpoint text,
  event_count bigint NOT NULL,
  worker_id text,
  schedule_id text,
  engine text,
  created_at bigint NOT NULL,
  started_at bigint,
  completed_at bigint
);
CREATE INDEX simulation_jobs_user ON simulation_jobs (user_id, created_at DESC, id DESC);
CREATE INDEX simulation_jobs_user_status ON simulation_jobs (user_id, status, created_at DESC, id DESC);
CREATE INDEX simulation_jobs_user_type ON simulation_jobs (user_id, simulation_type, created_at DESC, id DESC);
CREATE INDEX simulation_jobs_time ON simulation_jobs (created_at DESC, id DESC);
CREATE INDEX simulation_jobs_completed ON simulation_jobs (status, completed_at);
CREATE INDEX simulation_jobs_schedule ON simulation_jobs (schedule_id, created_at);

-- How many jobs a user has of each type and status: what a list says without counting.
CREATE TABLE job_counts (
  user_id text NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  simulation_type text NOT NULL,
  status text NOT NULL,
  jobs bigint NOT NULL,
  PRIMARY KEY (user_id, simulation_type, status)
);

-- What happened to a job, numbered from 1 for each job.
CREATE TABLE job_events (
  job_id text NOT NULL REFERENCES simulation_jobs(id) ON DELETE CASCADE,
  number bigint NOT NULL,
  at bigint NOT NULL,
  type text NOT NULL,
  data text NOT NULL,
  PRIMARY KEY (job_id, number)
);
CREATE INDEX job_events_time ON job_events (at);

-- Idempotency keys of the last 24 hours.
CREATE TABLE idempotency_keys (
  user_id text NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  key text NOT NULL,
  job_id text NOT NULL,
  body_hash text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_time ON idempotency_keys (created_at);

-- Reports over finished simulations.
CREATE TABLE reports (
  id text NOT NULL PRIMARY KEY,
  user_id text NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  report_type text NOT NULL,
  output_format text NOT NULL,
  status text NOT NULL CHECK (status IN ('PENDING', 'GENERATING', 'COMPLETED', 'FAILED')),
  simulation_job_ids text NOT NULL,
  parameters text NOT NULL,
  attempt bigint NOT NULL,
  failures bigint NOT NULL,
  losses bigint NOT NULL,
  run_number bigint NOT NULL,
  blob_key text,
  content_type text,
  filename text,
  size_bytes bigint,
  error_code text,
  error_message text,
  created_at bigint NOT NULL,
  completed_at bigint
);
CREATE INDEX reports_user ON reports (user_id, created_at DESC, id DESC);
CREATE INDEX reports_completed ON reports (status, completed_at);

-- Jobs that start by the clock.
CREATE TABLE schedules (
  id text NOT NULL PRIMARY KEY,
  user_id text NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  name text NOT NULL,
  cron text NOT NULL,
  zone text NOT NULL,
  job text NOT NULL,
  is_enabled boolean NOT NULL,
  next_at bigint,
  last_at bigint,
  last_job_id text,
  skipped bigint NOT NULL,
  created_at bigint NOT NULL
);
CREATE INDEX schedules_user ON schedules (user_id, created_at DESC, id DESC);
CREATE INDEX schedules_next ON schedules (is_enabled, next_at);

-- Call-backs: what is told to whom, and how that went.
CREATE TABLE callback_deliveries (
  id text NOT NULL PRIMARY KEY,
  user_id text NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  job_id text NOT NULL,
  url text NOT NULL,
  body text NOT NULL,
  status text NOT NULL CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED')),
  tries bigint NOT NULL,
  http_status bigint,
  error text,
  created_at bigint NOT NULL,
  completed_at bigint
);
CREATE INDEX callback_deliveries_job ON callback_deliveries (job_id);
CREATE INDEX callback_deliveries_user ON callback_deliveries (user_id, created_at DESC, id DESC);
CREATE INDEX callback_deliveries_completed ON callback_deliveries (status, completed_at);

-- One-use tickets for event streams, by their hash.
CREATE TABLE stream_tickets (
  hash text NOT NULL PRIMARY KEY,
  user_id text NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  job_id text NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX stream_tickets_time ON stream_tickets (expires_at);
